import { valueOf } from '../../domain/fact.js';
import type { MemberView, Quota } from '../../domain/members.js';
import { isDefragmenting } from '../../domain/quorum.js';
import type { MemberStatus } from '../../domain/snapshot.js';
import { bytes, duration, hexId, percent } from '../../domain/units.js';
import { escape, oneLine, prose } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import { bar, code, padEnd, padStart, shownWidth, textTable } from './table.js';

/** More than these go to a file: nobody reads them on a phone. */
export const MOST_MEMBERS = 7;

const LABEL = 16;

/** What one member is compared with. */
export interface Setting {
  /** Width of the name's column. */
  readonly width: number;
  /** The highest raft index that any member told. */
  readonly head: number;
  /** Some member carries NOSPACE: sizes in use are old everywhere, for nobody can write. */
  readonly full: boolean;
}

export function settingOf(members: readonly MemberView[]): Setting {
  return {
    width: Math.max(0, ...members.map((member) => shownWidth(labelOf(member)))),
    head: Math.max(0, ...members.map((member) => valueOf(member.status)?.raftIndex ?? 0)),
    full: members.some((member) => member.alarms.includes('NOSPACE')),
  };
}

/** Those to show, and whether some are left out; where some are, the worst come first. */
export function shownMembers(members: readonly MemberView[]): readonly MemberView[] {
  if (members.length <= MOST_MEMBERS) return members;
  return members.toSorted((a, b) => trouble(b) - trouble(a)).slice(0, MOST_MEMBERS);
}

/** A member at a glance: fill, role, trouble; below it the numbers. */
export function memberLines(member: MemberView, setting: Setting): string {
  const { status } = member;
  const name = padEnd(labelOf(member), setting.width);
  if (!status.known) {
    return `${code(`${name} ${bar(0)}     ?`)}  ${silence(member, status.reason)}`;
  }
  const fill = code(`${name} ${bar(member.share ?? 0)} ${padStart(percent(member.share ?? 0), 5)}`);
  const alarms = member.alarms.map((alarm) => `${SEVERITY_MARK.critical}\u00a0${escape(alarm)} · `).join('');
  const title = `${fill}  ${alarms}${member.role} · ${escape(status.value.version, 20)}`;
  const numbers = `${sizes(member, status.value, setting)} · ${lag(status.value, setting.head)}`;
  return [title, numbers, ...errorLines(status.value)].join('\n');
}

/** Why a member has no numbers; one that defragments hangs, and is well. */
function silence(member: MemberView, reason: string): string {
  if (isDefragmenting(member)) return '⏳ defragmenting, answers when it is done';
  const said = member.started ? prose(reason) : 'added to the cluster, never started';
  return `${SEVERITY_MARK.unknown} ${said}`;
}

export function quotaText(quota: Quota): string {
  return Number.isFinite(quota.bytes) ? bytes(quota.bytes) : 'none';
}

/** Where the quota came from, for it is never guessed silently; members that share one are named together. */
export function quotaLine(members: readonly MemberView[], now: number): string {
  const read = members.filter((member) => member.share !== null);
  const shared = new Map<string, MemberView[]>();
  for (const member of read.length > 0 ? read : members) {
    const key = `${String(member.quota.bytes)} ${member.quota.source}`;
    shared.set(key, [...(shared.get(key) ?? []), member]);
  }
  const groups = [...shared.values()];
  const lines = groups.map(
    (group) => `${groups.length === 1 ? 'quota' : quotaOf(group)} ${quotaSaid(group, now)}`,
  );
  return lines.join('\n');
}

function quotaOf(group: readonly MemberView[]): string {
  return `quota of ${group.map(labelOf).join(', ')}:`;
}

/** As old as the oldest of its readings. */
function quotaSaid(group: readonly MemberView[], now: number): string {
  const [oldest] = group.map((member) => member.quota).toSorted((a, b) => a.at - b.at);
  return oldest ? `${quotaText(oldest)}, ${quotaSource(oldest, now)}` : '';
}

/** Every member with every number, for a file. */
export function memberFile(members: readonly MemberView[]): string {
  const { head } = settingOf(members);
  const rows = members.map((member) => memberRow(member, head));
  const title = ['name', 'id', 'role', 'version', 'size', 'in use', 'quota', 'fill', 'lag', 'alarms'];
  return `${textTable([title, ...rows])}\n`;
}

export function labelOf(member: MemberView): string {
  return escape(member.label, LABEL);
}

function memberRow(member: MemberView, head: number): readonly string[] {
  const { status } = member;
  const id = member.id === null ? '?' : hexId(member.id);
  if (!status.known) return [oneLine(member.label), id, member.role, oneLine(status.reason)];
  return [
    oneLine(member.label),
    id,
    member.role,
    oneLine(status.value.version),
    bytes(status.value.sizeBytes),
    status.value.inUseBytes === null ? '?' : bytes(status.value.inUseBytes),
    quotaText(member.quota),
    percent(member.share ?? 0),
    String(lagOf(status.value, head)),
    member.alarms.map(oneLine).join(' '),
  ];
}

function sizes({ quota }: MemberView, status: MemberStatus, { full }: Setting): string {
  const limit = Number.isFinite(quota.bytes) ? ` of ${bytes(quota.bytes)}` : ', no quota';
  // Under NOSPACE etcd keeps the old value until its next write, and writes are refused.
  const old = full ? ' (old)' : '';
  const used = status.inUseBytes === null ? 'in use: not told' : `${bytes(status.inUseBytes)} in use${old}`;
  return `${bytes(status.sizeBytes)}${limit} · ${used}`;
}

function lag(status: MemberStatus, head: number): string {
  return `raft lag ${String(lagOf(status, head))}`;
}

function lagOf(status: MemberStatus, head: number): number {
  return Math.max(0, head - (status.appliedIndex ?? status.raftIndex));
}

/** Every member repeats every alarm of the cluster among its errors; those are shown at their member. */
function errorLines(status: MemberStatus): readonly string[] {
  const news = (status.errors ?? []).filter(
    (error) => !/^memberID:\d+ alarm:(NOSPACE|CORRUPT)\s*$/.test(error),
  );
  return news.map((error) => `${SEVERITY_MARK.critical} ${escape(error)}`);
}

function quotaSource({ source, at }: Quota, now: number): string {
  if (source === 'configuration') return 'from the configuration';
  if (source === 'default') return 'default of etcd, not confirmed';
  const age = now - at;
  const where = source === 'status' ? 'Status' : 'metrics';
  return age < 2000 ? `from ${where} just now` : `from ${where} ${duration(age)} ago`;
}

function trouble(member: MemberView): number {
  if (!member.status.known) return 100;
  return (member.share ?? 0) + member.alarms.length * 10;
}
