import { alarmsFromErrors } from '../domain/alarm-text.js';
import { askable, firstAnswer, type Collector } from '../domain/collector.js';
import { valueOf } from '../domain/fact.js';
import type { AlarmReading, EndpointFact, MemberStatus } from '../domain/snapshot.js';

/**
 * Armed alarms. Status carries them from etcd 3.4 on, read locally; only where it does not is AlarmList asked, which
 * is a raft proposal and needs a quorum.
 */
const alarms: Collector<'alarms'> = {
  after: ['status'],
  async read(reach) {
    const fromStatus = statusAlarms(valueOf(reach.soFar.status) ?? []);
    if (fromStatus) return fromStatus;
    const listed = await firstAnswer(askable(reach), (member) => member.alarms(reach.deadlineMs));
    return { alarms: listed, source: 'alarm-list' };
  },
};

export default alarms;

/** Members learn of an alarm one after the other, so what any of them says counts. */
function statusAlarms(facts: readonly EndpointFact<MemberStatus>[]): AlarmReading | null {
  const errors = facts.flatMap(({ fact }) => (fact.known && fact.value.errors ? [fact.value.errors] : []));
  if (errors.length === 0) return null;
  const all = alarmsFromErrors(errors.flat());
  const distinct = new Map(all.map((alarm) => [`${alarm.memberId} ${alarm.kind}`, alarm]));
  return { alarms: [...distinct.values()], source: 'status' };
}
