import type { Eviction } from '../../domain/kubernetes/ports.js';
import type { ObjectRef } from '../../domain/kubernetes/records.js';
import type { Call, Client } from './client.js';
import { makeDeadline } from './deadline.js';
import { Refused, targetError } from './errors.js';
import { at, words } from './json.js';
import { PODS, pathOf, TO_EVICT } from './resources.js';

/** Asks once to evict the pod of exactly this uid. */
export async function evict(client: Client, pod: ObjectRef, deadlineMs: number): Promise<Eviction> {
  const deadline = makeDeadline(deadlineMs);
  try {
    await client.act(callFor(pod), deadline);
    return { kind: 'evicted' };
  } catch (error) {
    const answer = error instanceof Refused ? answerOf(error) : null;
    if (answer) return answer;
    throw targetError(error, { target: client.target, right: TO_EVICT, deadline, act: true });
  }
}

function callFor({ namespace, name, uid }: ObjectRef): Call {
  return {
    path: `${pathOf(PODS, namespace)}/${encodeURIComponent(name)}/eviction`,
    right: TO_EVICT,
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid } },
    },
  };
}

/** Null: no answer to the question, but a failure. */
function answerOf(refused: Refused): Eviction | null {
  const { status, reason, message } = refused;
  // Without a Status it is the path that is unknown, not the pod.
  if (status === 404 && reason === 'NotFound') return { kind: 'gone' };
  if (status === 409 && /uid/i.test(message)) return { kind: 'gone' };
  const budget = refused.causes.find((cause) => at(cause, 'reason') === 'DisruptionBudget');
  if (status === 429 && budget)
    return { kind: 'protected', because: words(at(budget, 'message')) ?? message };
  // A pod with two budgets can't be evicted at all.
  if (status === 500 && /more than one PodDisruptionBudget/.test(message)) {
    return { kind: 'protected', because: words(message) ?? '' };
  }
  return null;
}
