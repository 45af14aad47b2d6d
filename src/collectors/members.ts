import { askable, firstAnswer, type Collector } from '../domain/collector.js';

/** etcd's member list, as one member of the right cluster knows it; needs no quorum. */
const members: Collector<'members'> = {
  after: ['status'],
  read: (reach) => firstAnswer(askable(reach), (member) => member.memberList(reach.deadlineMs)),
};

export default members;
