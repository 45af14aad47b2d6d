import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../domain/answer.js';
import { valueOf } from '../../domain/fact.js';
import { membersOf } from '../../domain/members.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { duration, grouped } from '../../domain/units.js';
import { approversCounted, byHandBlocks, planBlocks, planFile } from './card-plan.js';
import { prose } from './escape.js';
import { memberLines, quotaLine, settingOf, shownMembers } from './member-text.js';
import { compose, type Message } from './message.js';
import { context, divider, sections } from './parts.js';
import { otherMessage } from './refusal.js';
import { clockSeconds } from './time.js';
import { namesOf } from './verdict.js';

/** What the command would propose, and the facts that the plan stands on. Nothing waits for anybody. */
export function planMessage(answer: Answer): Message {
  const { body, answeredAt } = answer;
  if (body.kind !== 'plan') return otherMessage(answer);
  const { plan, snapshot, policy } = body;
  return compose({
    verdict: `Would propose: ${plan.title}`,
    body: [...planBlocks(plan), ...byHandBlocks(plan), divider(), ...factBlocks(snapshot, answeredAt)],
    tail: [
      context(
        [
          `It would need ${approversCounted(policy)}.`,
          '*Nothing was created or started.* Without `--dry-run` it is proposed.',
        ].join('\n'),
      ),
    ],
    file: planFile(plan),
  });
}

function factBlocks(snapshot: Snapshot, now: number): readonly KnownBlock[] {
  const members = membersOf(snapshot);
  const setting = settingOf(members);
  const shown = shownMembers(members);
  const more = members.length - shown.length;
  return [
    ...sections([
      '*The facts it stands on*',
      ...shown.map((member) => memberLines(member, setting)),
      ...(more > 0 ? [`+${String(more)} more members`] : []),
    ]),
    context([quotaLine(members, now), clusterLine(snapshot), readLine(snapshot)].join('\n')),
  ];
}

function clusterLine(snapshot: Snapshot): string {
  const { alarms } = snapshot.facts;
  const armed = alarms?.known
    ? armedText(snapshot)
    : `alarms not known: ${prose(alarms?.reason ?? 'not read')}`;
  const leader = membersOf(snapshot).find(({ role }) => role === 'leader')?.label;
  return `${armed} · ${leader === undefined ? 'no leader seen' : `${prose(leader)} leads`}`;
}

function armedText(snapshot: Snapshot): string {
  const alarms = valueOf(snapshot.facts.alarms)?.alarms ?? [];
  if (alarms.length === 0) return 'no alarm';
  const members = membersOf(snapshot);
  const said = [...new Set(alarms.map(({ kind }) => kind))].map((kind) => {
    const on = alarms
      .filter((alarm) => alarm.kind === kind)
      .map(
        ({ memberId }) =>
          members.find(({ id }) => id === memberId)?.label ?? 'a member that etcd does not name',
      );
    return `${kind} on ${prose(namesOf(on))}`;
  });
  return said.join(', ');
}

function readLine(snapshot: Snapshot): string {
  const statuses = membersOf(snapshot).flatMap((member) => valueOf(member.status) ?? []);
  const revision = Math.max(0, ...statuses.map((status) => status.revision));
  const at = revision > 0 ? `revision ${grouped(revision)} · ` : '';
  return `${at}read ${clockSeconds(snapshot.at)} in ${duration(snapshot.tookMs)}`;
}
