import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesReader } from '../../../src/domain/ports.js';
import { failure, ms } from '../etcd/support.js';
import {
  accessTo,
  alone,
  gathered,
  json,
  recorded,
  refusal,
  sourceOf,
  startAnswering,
  type Answering,
  type Reply,
} from './server.js';

let server: Answering;
let reader: KubernetesReader;
let close: () => void;

beforeAll(async () => {
  server = await startAnswering();
  const access = accessTo(sourceOf(server.url));
  close = () => access.close();
  reader = access.reader('prod')!;
});
afterAll(async () => {
  close();
  await server.stop();
});

const NODES = json({ metadata: {}, items: [{ metadata: { name: 'a', uid: 'u' } }] });
const hang: Reply = () => undefined;
const reset: Reply = (response) => response.socket?.resetAndDestroy();

function nodes(deadlineMs = ms): Promise<unknown> {
  return gathered(reader.nodes(deadlineMs));
}

describe('a refusal', () => {
  it.each([
    [
      'a missing right',
      { status: 403, body: recorded('error-403-forbidden.json') },
      'denied',
      /^Our role may not list nodes at 127\.0\.0\.1:\d+ \(see infra\/kubernetes\): pods is forbidden: User "steward-weak" cannot list/,
    ],
    ['a server in trouble', refusal(503, 'ServiceUnavailable'), 'unavailable', /could not answer \(503\)/],
    [
      'a proxy’s own page',
      { status: 502, body: '<html>\nBad\n</html>' },
      'unavailable',
      /\(502\): <html> Bad/,
    ],
    ['a wrong question', refusal(400, 'BadRequest'), 'failed', /refused \(400\): refused for BadRequest\.$/],
    ['something that is no API', { body: '<html>' }, 'failed', /answered something that is not JSON\.$/],
    [
      'something that is no list',
      { body: '{"kind":"Node"}' },
      'failed',
      /answered something that is no list/,
    ],
    ['a way elsewhere', { status: 302, body: '', headers: { location: '/x' } }, 'failed', /refused \(302\)/],
  ] as const)('of %s', async (_, reply, code, message) => {
    server.answer(() => reply);
    const error = await failure(nodes());
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), target: reader.target });
    expect(server.seen).toHaveLength(1);
  });

  it('names the group of what may not be read', async () => {
    server.answer(() => refusal(403, 'Forbidden'));
    expect((await failure(gathered(reader.jobs(ms)))).message).toContain('may not list jobs.batch at');
    expect((await failure(reader.storage(ms))).message).toContain('may not get /metrics at');
  });

  it('says that Calico’s objects are not installed', async () => {
    server.answer(() => ({ status: 404, body: recorded('error-404-crd-not-installed.json') }));
    const error = await failure(gathered(reader.calico('ippools', ms)));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain('has no ippools.crd.projectcalico.org: 404 page not found');
  });

  it('is cut where it is over-long', async () => {
    server.answer(() => json({ kind: 'Status', message: 'x'.repeat(50_000), code: 500 }, 500));
    expect((await failure(nodes())).message.length).toBeLessThan(300);
  });
});

describe('credentials that are refused', () => {
  it('are loaded anew once, and asked with again', async () => {
    server.answer((_, index) =>
      index === 0 ? { status: 401, body: recorded('error-401-unauthorized.json') } : NODES,
    );
    expect(await nodes()).toHaveLength(1);
    expect(server.seen).toHaveLength(2);
  });

  it('twice are a failure', async () => {
    server.answer(() => ({ status: 401, body: recorded('error-401-unauthorized.json') }));
    const error = await failure(nodes());
    expect(error).toMatchObject({ code: 'auth', retryable: false });
    expect(error.message).toMatch(/does not accept our credentials: Unauthorized\.$/);
    expect(server.seen).toHaveLength(2);
  });
});

describe('a server that has too much to do', () => {
  const busy = (after: string): Reply => ({
    ...(refusal(429, 'TooManyRequests') as object),
    headers: { 'retry-after': after },
    body: '',
  });

  it('is asked again after the time that it names', async () => {
    server.answer((_, index) => (index === 0 ? busy('0') : NODES));
    expect(await nodes()).toHaveLength(1);
    server.answer((_, index) => (index === 0 ? busy('1') : NODES));
    const begun = performance.now();
    expect(await nodes()).toHaveLength(1);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
  });

  it('is not waited for beyond the deadline', async () => {
    server.answer(() => busy('30'));
    expect(await failure(nodes(2000))).toMatchObject({ code: 'too-many-requests', retryable: true });
    expect(server.seen).toHaveLength(1);
  });
});

describe('no answer', () => {
  it('ends by the deadline', async () => {
    await alone(async (own, reader) => {
      own.answer(() => hang);
      // What is left of a longer one is no whole number.
      const error = await failure(gathered(reader.nodes(149.2501)));
      expect(error).toMatchObject({ code: 'timeout', retryable: true });
      expect(error.message).toMatch(/gave no answer within 150 ms\.$/);
    });
  });

  it('ends by the deadline also in the middle of one', async () => {
    await alone(async (own, reader) => {
      own.answer(() => (response) => void response.write('{"items":['));
      expect((await failure(gathered(reader.nodes(500)))).code).toBe('timeout');
      own.answer(() => (response) => void response.write('apiserver_storage_objects'));
      expect((await failure(reader.storage(500))).code).toBe('timeout');
    });
  });

  it('is a connection that breaks', async () => {
    server.answer(() => reset);
    expect(await failure(nodes())).toMatchObject({ code: 'unavailable', retryable: true });
    server.answer(() => (response) => {
      response.write('{"items":[', () => response.destroy());
    });
    expect((await failure(nodes())).code).toBe('unavailable');
  });

  it('is one more question where only a kept connection had been closed', async () => {
    server.answer(() => NODES);
    await nodes();
    server.answer((_, index) => (index === 0 ? reset : NODES));
    expect(await nodes()).toHaveLength(1);
  });

  it('is a port where nobody listens', async () => {
    const other = await startAnswering();
    await other.stop();
    const access = accessTo(sourceOf(other.url));
    const error = await failure(gathered(access.reader('prod')!.nodes(ms)));
    expect(error).toMatchObject({ code: 'unreachable', retryable: true });
    expect(error.message).toMatch(/^No connection to 127\.0\.0\.1:\d+: connect ECONNREFUSED/);
  });

  it('is one that speaks no TLS', async () => {
    const access = accessTo(sourceOf(server.url.replace('http:', 'https:')));
    const error = await failure(gathered(access.reader('prod')!.nodes(ms)));
    expect(error).toMatchObject({ code: 'tls', retryable: false });
  });
});

describe('our own rights', () => {
  it.each([
    ['selfsubjectaccessreview-allowed.json', true],
    ['selfsubjectaccessreview-denied.json', false],
  ])('are asked for: %s', async (file, allowed) => {
    server.answer(() => ({ status: 201, body: recorded(file) }));
    const access = { verb: 'create', group: '', resource: 'pods', subresource: 'eviction' } as const;
    expect(await reader.mayI(access, ms)).toBe(allowed);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: access } },
    });
  });

  it('are asked for also where there is no object', async () => {
    server.answer(() => ({ status: 201, body: recorded('selfsubjectaccessreview-allowed.json') }));
    expect(await reader.mayI({ verb: 'get', path: '/metrics' }, ms)).toBe(true);
    expect(server.seen[0]!.body).toMatchObject({
      spec: { nonResourceAttributes: { verb: 'get', path: '/metrics' } },
    });
  });
});
