import { askable, firstAnswer, type Collector } from '../domain/collector.js';
import { statusAlarms } from '../domain/status-alarms.js';

/**
 * Armed alarms. Status carries them from etcd 3.4 on, read locally; only where it does not is AlarmList asked, which
 * is a raft proposal and needs a quorum.
 */
const alarms: Collector<'alarms'> = {
  after: ['status'],
  async read(reach) {
    const fromStatus = statusAlarms(reach.soFar);
    if (fromStatus) return fromStatus;
    const listed = await firstAnswer(askable(reach), (member) => member.alarms(reach.deadlineMs));
    return { alarms: listed, source: 'alarm-list' };
  },
};

export default alarms;
