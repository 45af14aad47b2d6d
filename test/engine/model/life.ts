import type { Cluster } from '../../../src/domain/cluster.js';
import { TargetError } from '../../../src/domain/errors.js';
import { isTerminal, type Operation } from '../../../src/domain/operation.js';
import type { OperationStore } from '../../../src/domain/ports.js';
import { CLUSTER_ID, MINUTE, NOW } from '../../facts.js';
import { pendingFix } from '../../operations.js';
import { clusterOf } from '../world.js';
import { makeActors } from './actors.js';
import type { Machine } from './deps.js';
import type { Event, HOURS, Timed } from './events.js';
import { windowsOf } from './hours.js';
import { hasQuorum, wrongWith, type Circumstances } from './judge.js';
import { makeMemory } from './memory.js';
import { POLICIES } from './people.js';
import { makeTarget } from './target.js';
import { Died, turns, type Trouble } from './trouble.js';

/** A bot, its people and its cluster, from the first proposal to the last event. */
export interface Life {
  happen(event: Event): Promise<void>;
  /** Time passes, processes sweep and work off what is queued, until nothing moves any more. */
  comesToRest(): Promise<void>;
  /** Redis as it is now. */
  remember(): SetBack;
  /** What must never be, and was. */
  readonly broken: readonly string[];
  /** Ways that records went, as "running → succeeded". */
  readonly ways: ReadonlySet<string>;
  readonly sent: readonly string[];
}

/**
 * Sets Redis back to that. `mute`: from then on the target does not tell what has happened; else it does, and people may
 * approve anew what they had approved before.
 */
type SetBack = (mute: boolean) => void;

const NONE: Trouble = { is: 'none' };

export function makeLife(): Life {
  const broken: string[] = [];
  const ways = new Set<string>();
  const clicks = new Set<string>();
  let [now, ids, soonAt] = [NOW, 0, NOW];
  let pausedBefore = false;
  const passes = (ms: number): void => {
    now += ms;
  };
  const memory = makeMemory(() => now);
  const target = makeTarget((moment, plan, name) => {
    const harmless = target.looksBefore && name.endsWith('write-probe');
    if (moment === 'begins' && target.sent.includes(name) && !harmless) broken.push(`${name} was sent twice`);
    acting.push(atAct(plan.title, `${name} ${moment}`));
  });
  const acting: Promise<void>[] = [];
  const machine: Machine = {
    memory: { ...memory, operations: judged(memory.operations) },
    target,
    clock: { now: () => now, pause: async (ms) => passes(ms) },
    ids: { next: () => `id${String(++ids)}` },
    slack: { away: false },
    cluster: { ...clusterOf(pendingFix()), policy: POLICIES[0]! },
    jobs: [],
    spent: new Set(),
    stopping: false,
    passes,
  };
  let hours: (typeof HOURS)[number] = 'none';
  const does = makeActors(machine, clicks);

  /** Every change of a record is looked at as it happens. */
  function judged(store: OperationStore): OperationStore {
    return {
      ...store,
      async swap(id, change) {
        let before: Operation | undefined;
        const swapped = await store.swap(id, (operation, at) => change((before = operation), at));
        if (!swapped.ok || !before) return swapped;
        broken.push(...wrongWith(before, swapped.operation, circumstances()));
        if (before.state !== swapped.operation.state)
          ways.add(`${before.state} → ${swapped.operation.state}`);
        return swapped;
      },
    };
  }

  function circumstances(): Circumstances {
    const { policy, changes } = machine.cluster;
    return {
      policy,
      changes,
      paused: pausedBefore,
      mayStartNow: hours === 'none' || hours === 'open' || (hours === 'soon' && now >= soonAt),
      nospace: target.facts === 'incident' || target.facts === 'down',
      safe: target.facts !== 'corrupt' && target.facts !== 'down',
      slackAway: machine.slack.away,
      clicks,
    };
  }

  /** An act is at work: only of a running operation, which holds the cluster, alone, with its quorum. */
  async function atAct(title: string, act: string): Promise<void> {
    const [all, holder] = await Promise.all([
      memory.operations.recent(1000),
      memory.locks.holder(machine.cluster.name, CLUSTER_ID),
    ]);
    const must = (holds: boolean, rule: string): void => {
      if (!holds) broken.push(`${act}: ${rule}`);
    };
    const atWork = all.filter(({ state }) => state === 'running' || state === 'unknown');
    const operation = atWork.find(({ plan }) => plan.title === title);
    must(operation !== undefined, 'its operation is not at work');
    if (!operation) return;
    must(atWork.length === 1, 'two operations are at work');
    must(holder === operation.id, 'it does not hold the cluster');
    must(hasQuorum(operation, operation.policy), 'it has no quorum');
    must(!pausedBefore, 'changes are paused');
  }

  function configure(changes: Partial<Cluster>): void {
    machine.cluster = { ...machine.cluster, ...changes };
  }

  async function set(event: Event): Promise<unknown> {
    switch (event.is) {
      case 'time':
        passes(event.ms);
        target.goesOn();
        return;
      case 'policy':
        configure({ policy: POLICIES[event.which]! });
        return;
      case 'changes':
        configure({ changes: event.on });
        return;
      case 'windows':
        [soonAt, hours] = [now + 20 * MINUTE - (now % MINUTE), event.which];
        configure({ windows: windowsOf(hours, now, soonAt) });
        return;
      case 'blind':
        return (target.blind = event.on);
      case 'stopping':
        return (machine.stopping = event.on);
      case 'slack-away':
        return (machine.slack.away = event.on);
      case 'facts':
        return (target.facts = event.which);
      case 'written':
        return (target.revision += 1000);
      case 'fate':
        return target.fates.set(target.sent.length + event.after, event.of);
      case 'sampled':
        return memory.samples.save({ ...target.snapshot(event.which), at: now });
      case 'together':
        return Promise.all(event.events.map(inTurn));
      default:
        return does(event);
    }
  }

  /** Dying and Redis’ being away are trouble; everything else that is thrown is a bug. */
  async function attempted(event: Event): Promise<void> {
    try {
      await set(event);
    } catch (error) {
      if (!(error instanceof Died) && !(error instanceof TargetError)) throw error;
    }
  }

  async function inTurn({ event, after }: Timed): Promise<void> {
    await turns(after);
    await attempted(event);
  }

  async function atRest(): Promise<void> {
    await Promise.all(acting.splice(0));
    for (const operation of await memory.operations.recent(1000)) {
      const { id, state, plan } = operation;
      const holder = await memory.locks.holder(plan.cluster, plan.clusterId);
      if ((state === 'running' || state === 'unknown') && holder !== id)
        broken.push(`${id} is ${state} without its lock`);
      if (isTerminal(operation) && holder === id) broken.push(`${id} is ${state} and holds the cluster`);
    }
    pausedBefore = (await memory.pauses.holding(machine.cluster.name)) !== null;
  }

  async function happen(event: Event): Promise<void> {
    await attempted(event);
    await atRest();
  }

  return {
    happen,
    remember() {
      const setBack = memory.remember();
      return (mute) => {
        Object.assign(target, { looksBefore: !mute, mute });
        setBack();
      };
    },
    broken,
    ways,
    sent: target.sent,
    async comesToRest() {
      for (const is of ['blind', 'stopping', 'slack-away'] as const) await happen({ is, on: false });
      for (let round = 0; round < 4; round++) {
        await happen({ is: 'time', ms: 20_000 });
        await happen({ is: 'sweep', trouble: NONE });
        await happen({ is: 'jobs', trouble: NONE });
        await happen({ is: 'time', ms: 16 * MINUTE });
      }
      for (const { id, state } of await memory.operations.recent(1000))
        if (state === 'running' || state === 'unknown') broken.push(`${id} is ${state} for ever`);
    },
  };
}
