import type { AddressUse, PoolUse, StarvingNode } from '../domain/calico/facts.js';
import {
  NEARLY,
  counted,
  familyOf,
  givingPools,
  isUsedUp,
  originOf,
  shareOf,
  usedOf,
  usedUpFamilies,
} from '../domain/calico/pools.js';
import { STARVATIONS, reasonText, remedyText, starvingBeside } from '../domain/calico/reasons.js';
import type { Check, Observation } from '../domain/finding.js';
import { names, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { grouped, percent } from '../domain/units.js';

const check: Check = {
  title: 'Calico’s IP pools',
  why: 'A pod that gets no address never starts, and says so only in its events',
  runbook: null,
  needs: ['ip-pools'],
  // After Kubernetes' nodes and Calico's own parts, before the members: the order of the incident's investigation.
  rank: 4,
  run,
};

export default check;

const ADD_POOL = 'Add an IP pool, or delete pods that nobody needs; `/etcd calico` shows the pools';

function run(snapshot: Snapshot): readonly Observation[] {
  const fact = snapshot.facts['ip-pools'];
  if (!fact?.known) return [unseen('Calico’s IP pools', fact)];
  const use = fact.value;
  const evidence = evidenceOf(use);
  const pools = givingPools(use).length === 0 ? nobodyGives(use) : [...usedUp(use), ...nearly(use)];
  const [first = fine(use), ...others] = pools;
  return [
    { ...first, evidence },
    ...others,
    ...starving(use),
    ...tight(use),
    ...unclear(use),
    ...suspects(use),
  ];
}

function nobodyGives({ pools, blocks }: AddressUse): readonly Observation[] {
  if (pools.length === 0) {
    return [
      {
        severity: 'warning',
        summary: 'No IP pool of Calico was found where this cluster’s configuration says they are',
        advice: 'Set `calico: true` only for the etcd that holds Calico’s data',
      },
    ];
  }
  const summary = 'No IP pool gives addresses to new pods: all are disabled, or for other uses';
  const advice = 'Enable a pool: `calicoctl get ippool -o wide` shows them';
  return [{ severity: blocks > 0 ? 'critical' : 'warning', summary, advice }];
}

function usedUp(use: AddressUse): readonly Observation[] {
  const empty = usedUpFamilies(use);
  const full = givingPools(use).filter(isUsedUp);
  const worst = empty.map((family): Observation => {
    const pools = few(full.filter((pool) => familyOf(pool) === family).map(({ name }) => name));
    const summary = `No pod gets an IPv${String(family)} address: nothing is free in ${pools}`;
    return { severity: 'critical', summary, advice: ADD_POOL };
  });
  const some = full.filter((pool) => !empty.includes(familyOf(pool)));
  if (some.length === 0) return worst;
  const own = some.some(({ selective }) => selective) ? '; nodes or namespaces bound to it get none' : '';
  const summary = `Used up: ${few(some.map(({ name }) => name))}; pods get addresses from other pools${own}`;
  return [...worst, { severity: 'warning', summary, advice: ADD_POOL }];
}

/** A pool that fills is no trouble while another one of its family has room. */
function nearly(use: AddressUse): readonly Observation[] {
  const giving = givingPools(use);
  const tight = giving.filter((pool) => shareOf(pool) >= NEARLY && !isUsedUp(pool));
  const [most] = tight;
  if (!most) return [];
  const relieved = tight.every((pool) =>
    giving.some((other) => familyOf(other) === familyOf(pool) && shareOf(other) < NEARLY && !other.selective),
  );
  const more = tight.length > 1 ? `, ${grouped(tight.length - 1)} more above ${percent(NEARLY)}` : '';
  const relief = relieved ? '; other pools have room' : '';
  return [
    {
      severity: relieved ? 'info' : 'warning',
      summary: `Pool ${short(most.name)} is ${percent(shareOf(most))} used (${usedOf(most)} addresses)${more}${relief}`,
      advice: 'Add an IP pool before it is used up',
    },
  ];
}

function fine(use: AddressUse): Observation {
  const [most] = givingPools(use);
  const at = most ? `, at most ${percent(shareOf(most))} used (${short(most.name)}: ${usedOf(most)})` : '';
  return { severity: 'ok', summary: `${counted(use.pools.length, 'IP pool')}${at}` };
}

function starving(use: AddressUse): readonly Observation[] {
  return STARVATIONS.flatMap((reason) =>
    [false, true].flatMap((borrows) => {
      const nodes = starvingBeside(use).filter((node) => node.reason === reason && node.borrows === borrows);
      return nodes.length === 0 ? [] : [starvation(nodes, use)];
    }),
  );
}

function starvation(nodes: readonly StarvingNode[], use: AddressUse): Observation {
  const [first] = nodes;
  const reason = first?.reason ?? 'no-block-left';
  const labels = [...new Set(nodes.map(({ node }) => node))];
  const borrows = first?.borrows === true;
  const then = borrows ? 'can’t get a block of its own, and borrows' : 'can’t give a new pod an address';
  const then2 = borrows ? 'can’t get a block of their own, and borrow' : 'can’t give a new pod an address';
  return {
    severity: borrows ? 'warning' : 'critical',
    summary: `${few(labels)} ${labels.length === 1 ? then : then2}: ${reasonText(reason, use)}`,
    advice: remedyText(reason),
  };
}

/** Nobody starves yet, and the next one will. */
function tight(use: AddressUse): readonly Observation[] {
  if (!use.strictAffinity || use.starving.length > 0) return [];
  const giving = givingPools(use);
  if (giving.length === 0 || giving.some(({ freeBlocks }) => freeBlocks > 0)) return [];
  const summary =
    'Every block is taken, and strict affinity forbids to borrow: the next full node gets no address';
  return [{ severity: 'warning', summary, advice: remedyText('strict-affinity') }];
}

function unclear({ unreadable, notRead }: AddressUse): readonly Observation[] {
  const objects = `${grouped(unreadable)} of Calico’s objects could not be understood: the counts may be too low`;
  const rights = 'Some of Calico’s settings could not be read: its defaults are taken for them';
  const evidence = notRead.map((what) => `Not read: ${what}`);
  return [
    ...(unreadable > 0 ? [{ severity: 'unknown' as const, summary: objects }] : []),
    ...(notRead.length > 0 ? [{ severity: 'info' as const, summary: rights, evidence }] : []),
  ];
}

/** At the moment of the reading their pods may have been on their way. */
function suspects({ suspectCount, orphanedBlocks }: AddressUse): readonly Observation[] {
  if (suspectCount === 0) return [];
  const handles = suspectCount - orphanedBlocks;
  const said = [
    ...(handles > 0 ? [`${counted(handles, 'handle')} that no block mentions`] : []),
    ...(orphanedBlocks > 0 ? [`${counted(orphanedBlocks, 'block')} of no pool`] : []),
  ];
  const advice = 'Let `calicoctl ipam check` judge them before anybody deletes one; the bot never does';
  return [{ severity: 'info', summary: `Suspects only: ${said.join(' and ')}`, advice }];
}

const MOST_POOLS = 8;

function evidenceOf(use: AddressUse): readonly string[] {
  const pools = use.pools.toSorted((a, b) => shareOf(b) - shareOf(a));
  const more = pools.length - MOST_POOLS;
  return [
    ...pools.slice(0, MOST_POOLS).map(line),
    ...(more > 0 ? [`${grouped(more)} more pools, none of them fuller`] : []),
    ...(use.strictAffinity ? ['Strict affinity is on: no node borrows from another one’s block'] : []),
    `Counted ${originOf(use)}`,
  ];
}

function line(pool: PoolUse): string {
  const state = pool.disabled ? ', disabled' : '';
  const kept = pool.reserved > 0 ? `, ${grouped(pool.reserved)} reserved` : '';
  return `${short(pool.name)} ${pool.cidr}${state}: ${usedOf(pool)} addresses in use${kept}, ${counted(pool.blocks, 'block')}`;
}

/** Names are Kubernetes' own, of up to 253 characters, and a sentence has room for a few short ones. */
function short(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}

function few(labels: readonly string[]): string {
  if (labels.length <= 2) return names(labels.map(short));
  return `${short(labels[0] ?? '')} and ${grouped(labels.length - 1)} more`;
}
