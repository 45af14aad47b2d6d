import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesReader, PodChange } from '../../../src/domain/ports.js';
import { until } from '../../../infra/local/until.js';
import { failure, ms } from '../etcd/support.js';
import {
  accessTo,
  alone,
  json,
  recorded,
  refusal,
  sourceOf,
  startAnswering,
  type Answering,
  type Reply,
  type Seen,
} from './server.js';

let server: Answering;
let reader: KubernetesReader;
let close: () => void;
let stopping: AbortController | undefined;

beforeAll(async () => {
  server = await startAnswering();
  const access = accessTo(sourceOf(server.url));
  close = () => access.close();
  reader = access.reader('prod')!;
});
afterEach(() => {
  stopping?.abort();
});
afterAll(async () => {
  close();
  await server.stop();
});

function pod(name: string, resourceVersion: string): object {
  return { metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion } };
}

function listOf(resourceVersion: string, ...items: readonly object[]): Reply {
  return json({ metadata: { resourceVersion }, items });
}

function event(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

const bookmark = (resourceVersion: string): string =>
  event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion } });

const tooOld = event('ERROR', {
  kind: 'Status',
  code: 410,
  reason: 'Expired',
  message: 'too old resource version',
});

/** Lists and watches as they come, each with its own answer; the last watch stays open. */
function answer(lists: readonly Reply[], watches: readonly Reply[]): void {
  let [listed, watched] = [0, 0];
  server.answer(({ query }) => {
    if (query['watch'] !== '1') return lists[listed++] ?? refusal(500, 'NoMoreLists');
    return watches[watched++] ?? open('');
  });
}

/** Says this, and ends. */
function clean(text: string): Reply {
  return { body: text };
}

/** Says this, and stays open. */
function open(text: string): Reply {
  return (response) => {
    response.flushHeaders();
    response.write(text);
  };
}

/** Says this, and breaks. */
function abrupt(text: string): Reply {
  return (response) => {
    response.write(text, () => response.socket?.resetAndDestroy());
  };
}

function watches(): readonly Seen[] {
  return server.seen.filter(({ query }) => query['watch'] === '1');
}

/** The first so many changes, as `name` or `-name` where it is gone. */
async function changes(wanted: number): Promise<readonly string[]> {
  stopping = new AbortController();
  const seen: PodChange[] = [];
  const watch = reader.watchPods({ namespace: 'shop', labelSelector: 'app=web' }, ms, stopping.signal);
  for await (const change of watch) {
    seen.push(change);
    if (seen.length === wanted) break;
  }
  return seen.map(({ pod: { name }, gone }) => `${gone ? '-' : ''}${name}`);
}

describe('a watch of pods', () => {
  it('begins where a list stands, and tells what comes after it', async () => {
    answer(
      [listOf('7', pod('a', '5'))],
      [open(event('ADDED', pod('b', '8')) + event('DELETED', pod('a', '9')))],
    );
    expect(await changes(2)).toEqual(['b', '-a']);
    expect(watches()[0]!.query).toMatchObject({
      resourceVersion: '7',
      allowWatchBookmarks: 'true',
      labelSelector: 'app=web',
      timeoutSeconds: expect.stringMatching(/^(1\d|20)$/),
    });
  });

  it('reads what a real API server sends: an eviction, a new pod and its address', async () => {
    answer([listOf('251')], [open(recorded('watch-pods.ndjson'))]);
    stopping = new AbortController();
    const seen: PodChange[] = [];
    for await (const change of reader.watchPods({ namespace: 'shop' }, ms, stopping.signal)) {
      seen.push(change);
      if (seen.length === 6) break;
    }
    expect(seen.map(({ gone }) => gone)).toEqual([false, false, false, true, false, false]);
    expect(seen[2]!.pod.deletingSince).toEqual(expect.any(Number));
    expect(seen[5]!.pod).toMatchObject({ phase: 'Running', addresses: [expect.any(String)] });
  });

  it('is taken up behind the last event or bookmark after a clean end', async () => {
    const first = clean(event('MODIFIED', pod('a', '8')) + bookmark('20'));
    answer([listOf('7', pod('a', '5'))], [first, open(event('MODIFIED', pod('a', '21')))]);
    expect(await changes(2)).toEqual(['a', 'a']);
    expect(watches().map(({ query }) => query['resourceVersion'])).toEqual(['7', '20']);
  });

  it('is taken up also after a broken one, and tells nothing twice', async () => {
    const first = abrupt(event('MODIFIED', pod('a', '8')));
    const second = open(event('MODIFIED', pod('a', '8')) + event('ADDED', pod('b', '9')));
    answer([listOf('7')], [first, second]);
    expect(await changes(2)).toEqual(['a', 'b']);
    expect(watches().map(({ query }) => query['resourceVersion'])).toEqual(['7', '8']);
  });

  it.each<[string, Reply]>([
    ['in the watch', clean(tooOld)],
    ['instead of it', refusal(410, 'Gone')],
  ])('lists again where its place is forgotten, said %s, and tells the differences', async (_, reply) => {
    const before = listOf('7', pod('same', '1'), pod('changed', '2'), pod('gone', '3'));
    const after = listOf('90', pod('same', '1'), pod('changed', '80'), pod('new', '81'));
    answer([before, after], [reply, open(event('ADDED', pod('next', '91')))]);
    expect(await changes(4)).toEqual(['changed', 'new', '-gone', 'next']);
    expect(watches().map(({ query }) => query['resourceVersion'])).toEqual(['7', '90']);
  });

  it.each<[string, Reply]>([
    ['restarts', refusal(503, 'ServiceUnavailable')],
    ['has too much to do', { status: 429, headers: { 'retry-after': '0' }, body: '' }],
    ['says that something went wrong', clean(event('ERROR', { kind: 'Status', code: 500, message: 'etcd' }))],
    ['breaks off', abrupt('')],
  ])('goes on where the server %s', async (_, reply) => {
    answer([listOf('7')], [reply, reply, open(event('ADDED', pod('a', '8')))]);
    expect(await changes(1)).toEqual(['a']);
  });

  it('goes on with new credentials', async () => {
    answer([listOf('7')], [refusal(401, 'Unauthorized'), open(event('ADDED', pod('a', '8')))]);
    expect(await changes(1)).toEqual(['a']);
  });

  it('fails where waiting does not help', async () => {
    answer([listOf('7')], [refusal(403, 'Forbidden')]);
    const error = await failure(changes(1));
    expect(error).toMatchObject({ code: 'denied', message: expect.stringContaining('may not watch pods') });
    answer([], []);
    expect((await failure(changes(1))).code).toBe('unavailable');
    answer([listOf('7')], [clean('nonsense\n')]);
    expect((await failure(changes(1))).code).toBe('failed');
  });

  it.each<[string, Reply]>([
    ['keeps silent', open(bookmark('8'))],
    ['always fails', refusal(503, 'ServiceUnavailable')],
  ])('ends at its deadline where the server %s', async (_, reply) => {
    await alone(async (own, { watchPods }) => {
      own.answer(({ query }) => (query['watch'] === '1' ? reply : listOf('7')));
      const begun = performance.now();
      const watch = watchPods({ namespace: null }, 1000)[Symbol.asyncIterator]();
      expect(await watch.next()).toEqual({ done: true, value: undefined });
      expect(performance.now() - begun).toBeGreaterThan(950);
      expect(own.seen.length).toBeGreaterThan(1);
    });
  });

  it('ends when nobody wants it any more', async () => {
    answer([listOf('7')], []);
    const watch = changes(1);
    await until(() => watches().length > 0, { what: 'it watches' });
    stopping?.abort();
    expect(await watch).toEqual([]);
  });
});
