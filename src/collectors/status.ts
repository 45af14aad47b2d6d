import type { Collector } from '../domain/collector.js';
import { hexId } from '../domain/units.js';
import type { MemberStatus } from '../domain/snapshot.js';

/** Every member's own answer to Status. A member of another cluster than the pinned one is refused here. */
const status: Collector<'status'> = {
  async read(reach) {
    const facts = await reach.each((member) => member.status(reach.deadlineMs));
    const pinned =
      reach.pinnedId ?? firstContact(facts.flatMap(({ fact }) => (fact.known ? [fact.value] : [])));
    return facts.map(({ endpoint, fact }) => {
      if (!fact.known || fact.value.clusterId === pinned) return { endpoint, fact };
      const reason = stranger(fact.value, pinned);
      return { endpoint, fact: { ...fact, known: false as const, code: 'wrong-cluster' as const, reason } };
    });
  },
};

export default status;

/** At first contact all must agree: '' matches no id, so a mixture refuses every member. */
function firstContact(answers: readonly MemberStatus[]): string {
  const ids = new Set(answers.map((answer) => answer.clusterId));
  return ids.size === 1 ? [...ids].join('') : '';
}

function stranger(answer: MemberStatus, pinned: string): string {
  const id = hexId(answer.clusterId);
  if (pinned === '') return `answers for etcd cluster ${id}, another endpoint for another cluster`;
  return `answers for etcd cluster ${id}, but this name is bound to ${hexId(pinned)}`;
}
