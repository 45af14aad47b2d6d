import { valueOf } from '../domain/fact.js';
import type { Check, Observation, Severity } from '../domain/finding.js';
import { membersOf, type MemberView, type Quota } from '../domain/members.js';
import { exceptFor, holdersOf, lines, names, namesAre, unseen } from '../domain/readings.js';
import type { Snapshot } from '../domain/snapshot.js';
import { bytes, percent } from '../domain/units.js';

const check: Check = {
  title: 'Share of the quota',
  why: 'etcd checks the physical size of its database against the quota, and at 100 % it refuses every write',
  runbook: 'fix',
  needs: ['status'],
  uses: ['members', 'metrics', 'alarms'],
  rank: 20,
  run,
};

const WARNING_SHARE = 0.8;
const FULL_SHARE = 0.95;
/** From here on a defragmentation alone gives too little back. */
const IN_USE_SHARE = 0.8;

const SOURCES: Readonly<Record<Quota['source'], string>> = {
  status: 'from Status',
  metrics: 'from metrics',
  configuration: 'from the configuration',
  default: "guessed: etcd's default",
};

function run(snapshot: Snapshot): readonly Observation[] {
  const views = membersOf(snapshot);
  const measured = views.filter((member) => member.share !== null);
  const holders = holdersOf(snapshot, 'NOSPACE');
  if (measured.length === 0 && holders.length === 0)
    return [unseen('the size of any member', snapshot.facts.status)];
  const limited = measured.filter((member) => Number.isFinite(member.quota.bytes));
  const evidence = evidenceOf(snapshot, views, holders.length > 0);
  const usage = holders.length > 0 ? full(holders, limited) : share(views, limited);
  return [{ ...usage, evidence }, ...unlimited(measured), ...different(measured), ...guessed(measured)];
}

function share(views: readonly MemberView[], limited: readonly MemberView[]): Observation {
  const severity = (['critical', 'warning'] as const).find((one) =>
    limited.some((m) => severityOf(m) === one),
  );
  if (severity) return high(limited, severity);
  const blind = exceptFor(views, (member) => member.share !== null);
  const most = fullest(limited);
  if (!most) return { severity: 'info', summary: `No quota is set${blind}` };
  const summary = `At most ${percent(most.share ?? 0)} of the quota is used (${most.label}: ${amount(most)})${blind}`;
  return { severity: 'ok', summary };
}

/** Below 3.4 a member can carry NOSPACE under its quota, so the alarm decides, not the size. */
function full(holders: readonly string[], limited: readonly MemberView[]): Observation {
  const most = fullest(limited);
  const size = most ? `; fullest is ${most.label} at ${percent(most.share ?? 0)} (${amount(most)})` : '';
  return {
    severity: 'critical',
    summary: `The quota is used up: NOSPACE on ${names(holders)}${size}`,
    advice: 'Approve the fix: compact, defragment each member, then disarm; `/etcd fix` proposes it',
  };
}

function high(limited: readonly MemberView[], severity: 'critical' | 'warning'): Observation {
  const worst = limited.filter((member) => severityOf(member) === severity);
  const most = fullest(worst);
  const at = `${percent(most?.share ?? 0)} of the quota (${most ? amount(most) : ''})`;
  const who = `${namesAre(worst.map((member) => member.label))} at ${worst.length > 1 ? 'up to ' : ''}${at}`;
  if (severity === 'critical') {
    const summary = `${who}, most of it in use: writes stop at 100 %`;
    return { severity, summary, advice: 'Approve the fix now: compact, then defragment each member' };
  }
  if ((most?.share ?? 0) < FULL_SHARE) {
    return { severity, summary: who, advice: 'Propose the fix before it reaches 100 %: `/etcd fix`' };
  }
  const summary = `${who}, but much of that is free space inside the file`;
  return { severity, summary, advice: 'Defragment each member: `/etcd fix` proposes it' };
}

function fullest(members: readonly MemberView[]): MemberView | undefined {
  return [...members].sort((a, b) => (b.share ?? 0) - (a.share ?? 0))[0];
}

/** `700 MiB of 2 GiB`. */
function amount(member: MemberView): string {
  return `${bytes(valueOf(member.status)?.sizeBytes ?? 0)} of ${bytes(member.quota.bytes)}`;
}

/** Without a size in use nobody can say that a defragmentation alone would do: the worse case is taken. */
function severityOf(member: MemberView): Severity {
  const share = member.share ?? 0;
  if (share < WARNING_SHARE) return 'ok';
  if (share < FULL_SHARE) return 'warning';
  const inUse = inUseOf(member);
  return inUse === null || inUse / member.quota.bytes >= IN_USE_SHARE ? 'critical' : 'warning';
}

function inUseOf(member: MemberView): number | null {
  return valueOf(member.status)?.inUseBytes ?? valueOf(member.metrics)?.inUseBytes ?? null;
}

function evidenceOf(snapshot: Snapshot, views: readonly MemberView[], nospace: boolean): readonly string[] {
  const notes = nospace
    ? ['The sizes in use are stale: under NOSPACE etcd keeps the old value until its next write']
    : [];
  if (!snapshot.facts.alarms?.known) notes.push('Alarms: not read');
  return [...lines(views, line), ...notes];
}

function line(member: MemberView): string | null {
  if (!member.status.known || member.share === null) return null;
  const inUse = inUseOf(member);
  const used = `${bytes(member.status.value.sizeBytes)}, ${inUse === null ? 'in use not known' : `${bytes(inUse)} in use`}`;
  if (!Number.isFinite(member.quota.bytes)) return `${used}; no quota (${SOURCES[member.quota.source]})`;
  return `${used}; ${percent(member.share)} of ${bytes(member.quota.bytes)} (${SOURCES[member.quota.source]})`;
}

function unlimited(measured: readonly MemberView[]): readonly Observation[] {
  const labels = measured.filter((one) => !Number.isFinite(one.quota.bytes)).map((one) => one.label);
  if (labels.length === 0) return [];
  const summary = `${names(labels)} ${labels.length === 1 ? 'has' : 'have'} no quota: only the end of the disk stops it`;
  return [
    {
      severity: 'info',
      summary,
      advice: 'Set `--quota-backend-bytes` on every member; etcd advises at most 8 GiB',
    },
  ];
}

/** A guess is not compared: it would make a difference where there may be none. */
function different(measured: readonly MemberView[]): readonly Observation[] {
  const told = measured.filter((member) => member.quota.source !== 'default');
  if (new Set(told.map((member) => member.quota.bytes)).size < 2) return [];
  const each = told.map(
    ({ label, quota }) => `${label} ${Number.isFinite(quota.bytes) ? bytes(quota.bytes) : 'none'}`,
  );
  return [
    {
      severity: 'warning',
      summary: `The members have different quotas (${each.join(', ')}): the smallest one stops all writes`,
      advice: 'Give every member the same `--quota-backend-bytes`',
    },
  ];
}

function guessed(measured: readonly MemberView[]): readonly Observation[] {
  const labels = measured.filter((member) => member.quota.source === 'default').map((member) => member.label);
  if (labels.length === 0) return [];
  return [
    {
      severity: 'info',
      summary: `The quota of ${names(labels)} is a guess, etcd's default: nothing that was read says it`,
      advice: 'Let the bot read /metrics, or set `quota` for this cluster in its configuration',
    },
  ];
}

export default check;
