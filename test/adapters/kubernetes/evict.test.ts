import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Eviction, KubernetesOperator } from '../../../src/domain/ports.js';
import { failure, ms } from '../etcd/support.js';
import {
  accessTo,
  json,
  recorded,
  refusal,
  sourceOf,
  startAnswering,
  type Answering,
  type Reply,
} from './server.js';

let server: Answering;
let operator: KubernetesOperator;
let close: () => void;

const POD = { namespace: 'shop', name: 'web-1', uid: 'uid-1' };

beforeAll(async () => {
  server = await startAnswering();
  const access = accessTo(sourceOf(server.url), sourceOf(server.url, { token: 'operator' }));
  close = () => access.close();
  operator = access.operator('prod')!;
});
beforeEach(() => {
  server.answer(() => ({ status: 201, body: recorded('eviction-created.json') }));
});
afterAll(async () => {
  close();
  await server.stop();
});

const WITHOUT_REASON = json({ kind: 'Status', message: 'x', code: 429, reason: 'TooManyRequests' }, 429);

describe('an eviction', () => {
  it('is asked for once, of exactly this uid, as who makes changes', async () => {
    expect(await operator.evict(POD, ms)).toEqual({ kind: 'evicted' });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/namespaces/shop/pods/web-1/eviction',
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: 'web-1', namespace: 'shop' },
        deleteOptions: { preconditions: { uid: 'uid-1' } },
      },
    });
    expect(server.seen[0]!.headers.authorization).toBe('Bearer operator');
  });

  it.each<[string, Reply, Eviction]>([
    ['of a pod that is gone', { status: 404, body: recorded('error-404-pod.json') }, { kind: 'gone' }],
    [
      'of a pod that another one has replaced',
      refusal(409, 'Conflict', {
        message: 'Precondition failed: UID in precondition: uid-1, UID in object meta: uid-2',
      }),
      { kind: 'gone' },
    ],
    [
      'of a pod whose budget would be broken',
      { status: 429, body: recorded('error-429-eviction-refused.json') },
      { kind: 'protected', because: 'The disruption budget web needs 1 healthy pods and has 1 currently' },
    ],
    [
      'of a pod with two budgets',
      refusal(500, 'InternalError', { message: 'This pod has more than one PodDisruptionBudget, which …' }),
      { kind: 'protected', because: 'This pod has more than one PodDisruptionBudget, which …' },
    ],
  ])('%s is answered', async (_, reply, answer) => {
    server.answer(() => reply);
    expect(await operator.evict(POD, ms)).toEqual(answer);
    expect(server.seen).toHaveLength(1);
  });

  it.each<[string, Reply, string]>([
    ['a server that has too much to do', WITHOUT_REASON, 'too-many-requests'],
    ['another conflict', refusal(409, 'Conflict', { message: 'try again' }), 'failed'],
    ['a path that is not there', { status: 404, body: '404 page not found\n' }, 'unsupported'],
    ['a missing right', refusal(403, 'Forbidden'), 'denied'],
    ['credentials that are refused', refusal(401, 'Unauthorized'), 'auth'],
    ['a server in trouble', refusal(500, 'InternalError'), 'unavailable'],
    ['a connection that breaks', (response) => response.socket?.destroy(), 'unavailable'],
  ])('fails by %s, and is never sent again', async (_, reply, code) => {
    server.answer(() => reply);
    expect(await failure(operator.evict(POD, ms))).toMatchObject({ code, retryable: false });
    expect(server.seen).toHaveLength(1);
  });

  it('that gets no answer is not sent again', async () => {
    server.answer(() => () => undefined);
    expect(await failure(operator.evict(POD, 1000))).toMatchObject({ code: 'timeout', retryable: false });
    expect(server.seen).toHaveLength(1);
  });

  it('says what is missing', async () => {
    server.answer(() => refusal(403, 'Forbidden'));
    expect((await failure(operator.evict(POD, ms))).message).toContain('may not create pods/eviction at');
  });

  it('goes over a connection of its own each time', async () => {
    await operator.evict(POD, ms);
    await operator.evict(POD, ms);
    expect(server.seen.map(({ headers }) => headers.connection)).toEqual(['close', 'close']);
  });
});
