import { askable, firstAnswer, type Collector } from '../domain/collector.js';

/** Keys that exist now, counted by one member from its own index. */
const liveKeys: Collector<'live-keys'> = {
  after: ['status'],
  read: (reach) => firstAnswer(askable(reach), (member) => member.countKeys(reach.deadlineMs)),
};

export default liveKeys;
