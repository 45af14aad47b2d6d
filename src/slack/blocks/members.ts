import type { Answer } from '../../domain/answer.js';
import { valueOf } from '../../domain/fact.js';
import { membersOf, type MemberView } from '../../domain/members.js';
import type { ListedMember, Snapshot } from '../../domain/snapshot.js';
import { duration, grouped, hexId } from '../../domain/units.js';
import { clusterButtons } from './buttons.js';
import { escape, oneLine, prose } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import { MOST_MEMBERS, labelOf, shownMembers } from './member-text.js';
import { compose, type Message, type MessageFile } from './message.js';
import { context, section } from './parts.js';
import { otherMessage } from './refusal.js';
import { code, textTable } from './table.js';
import { clockSeconds } from './time.js';
import { namesOf } from './verdict.js';

/** Who makes up the cluster, by etcd's own list and by each member's answer. */
export function membersMessage(answer: Answer): Message {
  if (answer.body.kind !== 'examination') return otherMessage(answer);
  const { snapshot, findings } = answer.body;
  const members = membersOf(snapshot);
  const shown = shownMembers(members);
  const more = members.length - shown.length;
  return compose({
    verdict: verdict(snapshot, members),
    body: shown.map((member) => section(lines(member, listedAs(snapshot, member)))),
    tail: [
      ...(more > 0 ? [context(`+${String(more)} more members, all of them in the file`)] : []),
      context(`read ${clockSeconds(snapshot.at)} in ${duration(snapshot.tookMs)}`),
      clusterButtons(answer.question.id, findings, ['cluster.status', 'cluster.diagnose']),
    ],
    file: fileOf(snapshot, members),
  });
}

function verdict(snapshot: Snapshot, members: readonly MemberView[]): string {
  const silent = members.filter((member) => !member.status.known).map((member) => member.label);
  const count = `${String(members.length)} ${members.length === 1 ? 'member' : 'members'}`;
  const said = silent.length === 0 ? 'all answer' : `no answer from ${namesOf(silent)}`;
  const mark = silent.length === 0 ? SEVERITY_MARK.ok : SEVERITY_MARK.unknown;
  return `${mark} ${snapshot.cluster}: ${count}, ${said}`;
}

function lines(member: MemberView, listed: ListedMember | undefined): string {
  const status = valueOf(member.status);
  const title = [`*${labelOf(member)}*`, state(member), ...(status ? [escape(status.version)] : [])].join(
    ' · ',
  );
  const id = member.id === null ? 'id not known' : code(hexId(member.id));
  const urls = urlsOf(member, listed).map((url) => code(escape(url)));
  const raft = status ? [raftLine(status)] : [];
  return [title, [id, ...urls].join(' '), ...raft].join('\n');
}

function state(member: MemberView): string {
  if (!member.started) return `${SEVERITY_MARK.unknown} added, never started`;
  if (member.status.known) return member.role;
  return `${SEVERITY_MARK.unknown} ${prose(member.status.reason)}`;
}

function raftLine(status: { raftIndex: number; appliedIndex: number | null; term: number }): string {
  const applied = status.appliedIndex === null ? 'not told' : grouped(status.appliedIndex);
  return `raft index ${grouped(status.raftIndex)} · applied ${applied} · term ${grouped(status.term)}`;
}

function listedAs(snapshot: Snapshot, member: MemberView): ListedMember | undefined {
  return valueOf(snapshot.facts.members)?.find((listed) => listed.id === member.id);
}

function urlsOf(member: MemberView, listed: ListedMember | undefined): readonly string[] {
  if (listed && listed.clientUrls.length > 0) return listed.clientUrls;
  return member.endpoint === null ? [] : [member.endpoint];
}

function fileOf(snapshot: Snapshot, members: readonly MemberView[]): MessageFile | undefined {
  if (members.length <= MOST_MEMBERS) return undefined;
  const title = ['name', 'id', 'role', 'started', 'version', 'index', 'applied', 'term', 'client URLs'];
  const rows = members.map((member) => row(member, listedAs(snapshot, member)));
  const content = `${textTable([title, ...rows])}\n`;
  return { name: 'members.txt', title: `Members of ${oneLine(snapshot.cluster)}`, content };
}

function row(member: MemberView, listed: ListedMember | undefined): readonly string[] {
  const status = valueOf(member.status);
  return [
    oneLine(member.label),
    member.id === null ? '?' : hexId(member.id),
    member.role,
    member.started ? 'yes' : 'no',
    oneLine(status?.version ?? '?'),
    String(status?.raftIndex ?? '?'),
    String(status?.appliedIndex ?? '?'),
    String(status?.term ?? '?'),
    urlsOf(member, listed).map(oneLine).join(' '),
  ];
}
