import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../domain/answer.js';
import { valueOf } from '../../domain/fact.js';
import type { Finding } from '../../domain/finding.js';
import { membersOf, type MemberView } from '../../domain/members.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { duration, grouped } from '../../domain/units.js';
import { clusterButtons } from './buttons.js';
import { chartFile } from './chart-file.js';
import { escape, oneLine, prose } from './escape.js';
import { trendLine } from './forecast.js';
import { SEVERITY_MARK } from './marks.js';
import { MOST_MEMBERS, memberFile, memberLines, quotaLine, settingOf, shownMembers } from './member-text.js';
import { compose, type Message, type MessageFile } from './message.js';
import { context, section, sections } from './parts.js';
import { otherMessage } from './refusal.js';
import { clockSeconds } from './time.js';
import { findingsOrdered, repeats, verdictOf } from './verdict.js';

/** More findings than these are for Diagnose. */
const MOST_FINDINGS = 4;

/** How a cluster is now: verdict, members, what else was found, and how fresh all this is. */
export function statusMessage(answer: Answer): Message {
  if (answer.body.kind !== 'examination') return otherMessage(answer);
  const { snapshot, findings, environment = null, chart, trend } = answer.body;
  const picture = chart && chartFile(chart);
  const members = membersOf(snapshot);
  const verdict = verdictOf(snapshot, findings);
  return compose({
    verdict,
    body: [
      ...memberBlocks(members),
      ...sections([trendLine(trend, answer.answeredAt)].flatMap((line) => line ?? [])),
      ...findingBlocks(findings, verdict),
      ...(picture === null ? [context('No chart: the monitor has no sizes of it yet.')] : []),
    ],
    tail: [
      context(readingLines(answer, snapshot, environment)),
      clusterButtons(answer.question.id, findings, ['cluster.diagnose', 'cluster.status', 'cluster.fix']),
    ],
    file: fileOf(snapshot, members),
    picture: picture ?? undefined,
  });
}

function memberBlocks(members: readonly MemberView[]): readonly KnownBlock[] {
  const setting = settingOf(members);
  const shown = shownMembers(members).map((member) => section(memberLines(member, setting)));
  const more = members.length - shown.length;
  return more === 0 ? shown : [...shown, context(`+${String(more)} more members, all of them in the file`)];
}

function findingBlocks(findings: readonly Finding[], verdict: string): readonly KnownBlock[] {
  const told = findingsOrdered(findings).filter(
    (finding) => finding.severity !== 'ok' && !repeats(verdict, finding),
  );
  const shown = told.slice(0, MOST_FINDINGS);
  const lines = shown.map(({ severity, summary }) => `${SEVERITY_MARK[severity]} ${prose(summary)}`);
  const more = told.length - shown.length;
  return sections(more > 0 ? [...lines, `+${String(more)} more: Diagnose`] : lines);
}

/** Where the numbers come from, and how old they are. */
function readingLines(answer: Answer, snapshot: Snapshot, environment: string | null): string {
  const statuses = membersOf(snapshot).flatMap((member) => valueOf(member.status) ?? []);
  const revision = Math.max(0, ...statuses.map((status) => status.revision));
  const alarms = snapshot.facts.alarms;
  const where = environment === null ? '' : `${escape(environment, 40)} · `;
  const at = revision > 0 ? `revision ${grouped(revision)} · ` : '';
  const mark = SEVERITY_MARK.unknown;
  return [
    `${where}${quotaLine(membersOf(snapshot), answer.answeredAt)}`,
    ...(alarms?.known === false ? [`${mark} alarms not known: ${prose(alarms.reason)}`] : []),
    `${at}read ${clockSeconds(snapshot.at)} in ${duration(snapshot.tookMs)}`,
  ].join('\n');
}

function fileOf(snapshot: Snapshot, members: readonly MemberView[]): MessageFile | undefined {
  if (members.length <= MOST_MEMBERS) return undefined;
  return {
    name: 'members.txt',
    title: `Members of ${oneLine(snapshot.cluster)}`,
    content: memberFile(members),
  };
}
