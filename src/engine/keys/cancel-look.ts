import type { Actor } from '../../domain/actor.js';
import type { Answer } from '../../domain/answer.js';
import type { Cluster } from '../../domain/cluster.js';
import { no, yes, type Verdict } from '../../domain/errors.js';
import type { Looks } from '../../domain/keys/report.js';
import type { AnswerStore, Audit, Clock } from '../../domain/ports.js';
import { accessTo, authorise, type AuthoriseDeps } from '../authorise.js';

export interface CancelLookDeps extends AuthoriseDeps {
  readonly answers: AnswerStore;
  readonly looks: Looks;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly clusters: readonly Cluster[];
}

export interface CancelLook {
  readonly answerId: string;
  readonly actor: Actor;
  readonly channel: string | null;
}

/** Who asked may stop it, and so may operators and approvers. What was seen until then is shown. */
export async function cancelLook(deps: CancelLookDeps, request: CancelLook): Promise<Verdict> {
  const { answerId, actor, channel } = request;
  const answer = await deps.answers.load(answerId);
  const cluster = deps.clusters.find(({ name }) => name === answer?.question.cluster);
  if (!answer || !cluster) return no('This message is too old for its buttons.', ['Ask anew: `/etcd keys`.']);
  const right = isAsker(answer, actor) ? ('read' as const) : ('steer' as const);
  const allowed = await authorise(deps, accessTo(cluster, { actor, right, channel }));
  const told = { at: deps.clock.now(), who: actor.userId, cluster: cluster.name };
  const verb = answer.question.verb;
  if (!allowed.ok) {
    const detail = { verb: `cancel ${verb}`, refused: allowed.reason };
    await deps.audit.record({ ...told, event: 'command.refused', detail });
    return allowed;
  }
  if (!isUnderWay(answer)) return no('It has ended already.');
  await deps.looks.cancel(answerId, actor.userId);
  await deps.audit.record({ ...told, event: 'look.cancelled', detail: { verb } });
  return yes(undefined);
}

function isAsker({ question: { asker } }: Answer, actor: Actor): boolean {
  return asker.userId === actor.userId && asker.teamId === actor.teamId;
}

function isUnderWay({ body }: Answer): boolean {
  if (body.kind !== 'keys' && body.kind !== 'churn') return false;
  return body.report.state === 'running' || body.report.state === 'waiting';
}
