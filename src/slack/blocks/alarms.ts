import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../domain/answer.js';
import { valueOf, type Fact } from '../../domain/fact.js';
import { membersOf } from '../../domain/members.js';
import type { Alarm, AlarmReading, Snapshot } from '../../domain/snapshot.js';
import { duration, hexId } from '../../domain/units.js';
import { clusterButtons } from './buttons.js';
import { escape, prose } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { context, section } from './parts.js';
import { otherMessage } from './refusal.js';
import { clockSeconds } from './time.js';
import { namesOf } from './verdict.js';

const MEANING: Readonly<Record<Alarm['kind'], readonly [means: string, act: string]>> = {
  NOSPACE: [
    'The database reached its quota. The whole cluster refuses every write; reads go on.',
    'Compact, defragment each member, then disarm: *Propose fix* does it in this order. To disarm alone does not help: the alarm comes back with the next write.',
  ],
  CORRUPT: [
    'The data of this member differs from that of the others. The cluster refuses writes; reads may be wrong.',
    'Replace this member: remove it, empty its data directory, add it again. Only then disarm. Do not defragment.',
  ],
  UNKNOWN: [
    'An alarm that this bot does not know; a newer etcd may have raised it.',
    'Look it up for your version of etcd before you change anything.',
  ],
};

/** Each kind of alarm: on whom, what it means, what to do. */
export function alarmsMessage(answer: Answer): Message {
  if (answer.body.kind !== 'examination') return otherMessage(answer);
  const { snapshot, findings } = answer.body;
  const alarms = valueOf(snapshot.facts.alarms)?.alarms ?? [];
  const wanted =
    alarms.length > 0 ? (['cluster.fix', 'cluster.diagnose'] as const) : (['cluster.status'] as const);
  return compose({
    verdict: verdict(snapshot),
    body: bodyOf(snapshot),
    tail: [
      context(
        `${sourceOf(snapshot.facts.alarms)}read ${clockSeconds(snapshot.at)} in ${duration(snapshot.tookMs)}`,
      ),
      clusterButtons(answer.question.id, findings, wanted),
    ],
  });
}

function verdict(snapshot: Snapshot): string {
  const fact = snapshot.facts.alarms;
  if (!fact?.known) return `${SEVERITY_MARK.unknown} ${snapshot.cluster}: alarms could not be read`;
  const kinds = kindsOf(fact.value.alarms);
  if (kinds.length === 0) return `${SEVERITY_MARK.ok} ${snapshot.cluster}: no alarm`;
  const said = kinds.map((kind) => `${kind} on ${namesOf(holders(snapshot, kind))}`).join('; ');
  return `${SEVERITY_MARK.critical} ${snapshot.cluster}: ${said}`;
}

function bodyOf(snapshot: Snapshot): readonly KnownBlock[] {
  const fact = snapshot.facts.alarms;
  if (!fact?.known) {
    const reason = fact ? prose(fact.reason) : 'nobody asked for them';
    return [section(`${reason}\nThis is no good news: an alarm may be there. Ask again, or Diagnose.`)];
  }
  const kinds = kindsOf(fact.value.alarms);
  return kinds.map((kind) => {
    const [means, act] = MEANING[kind];
    const title = `${SEVERITY_MARK.critical} *${kind}* on ${escape(namesOf(holders(snapshot, kind)))}\n`;
    return section(`${kinds.length > 1 ? title : ''}${means}\n→ ${act}`);
  });
}

function kindsOf(alarms: readonly Alarm[]): readonly Alarm['kind'][] {
  return (['CORRUPT', 'NOSPACE', 'UNKNOWN'] as const).filter((kind) =>
    alarms.some((alarm) => alarm.kind === kind),
  );
}

function holders(snapshot: Snapshot, kind: Alarm['kind']): readonly string[] {
  const members = membersOf(snapshot);
  const alarms = valueOf(snapshot.facts.alarms)?.alarms ?? [];
  return alarms
    .filter((alarm) => alarm.kind === kind)
    .map(({ memberId }) => {
      if (memberId === '0') return 'a member that etcd does not name';
      return members.find((member) => member.id === memberId)?.label ?? hexId(memberId);
    });
}

function sourceOf(fact: Fact<AlarmReading> | undefined): string {
  if (!fact?.known) return '';
  return fact.value.source === 'status' ? 'from each member’s Status · ' : 'from etcd’s alarm list · ';
}
