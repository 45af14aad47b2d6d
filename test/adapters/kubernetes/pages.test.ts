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

function page(names: readonly string[], next?: string): Reply {
  const items = names.map((name) => ({ metadata: { name, uid: `uid-${name}` } }));
  return json({ metadata: { resourceVersion: '7', ...(next && { continue: next }) }, items });
}

const expired = refusal(410, 'Expired');

/** What a server offers that can go on at a newer state. */
function expiredWith(token: string): Reply {
  return refusal(410, 'Expired', { metadata: { continue: token } });
}

async function names(): Promise<readonly string[]> {
  return (await gathered(reader.nodes(ms))).map(({ name }) => name);
}

function tokens(): readonly (string | undefined)[] {
  return server.seen.map(({ query }) => query['continue']);
}

describe('a list in pages', () => {
  it('is asked for with the token of the page before', async () => {
    const pages = [page(['a', 'b'], 'second'), page(['c'], 'third'), page(['d'])];
    server.answer((_, index) => pages[index]!);
    expect(await names()).toEqual(['a', 'b', 'c', 'd']);
    expect(tokens()).toEqual([undefined, 'second', 'third']);
    expect(server.seen.every(({ query }) => query['limit'] === '500')).toBe(true);
  });

  it('is read as a real API server hands it out', async () => {
    const files = ['list-page-1-of-configmaps.json', 'list-page-2-of-configmaps.json'];
    server.answer((_, index) => (files[index] ? { body: recorded(files[index]) } : page(['cm7'])));
    expect(await names()).toEqual(['cm1', 'cm2', 'cm3', 'cm4', 'cm5', 'cm6', 'cm7']);
  });

  it('begins anew where its state is gone before anything was handed out', async () => {
    const answers = [expired, page(['a'])];
    server.answer((_, index) => answers[index]!);
    expect(await names()).toEqual(['a']);
    expect(tokens()).toEqual([undefined, undefined]);
  });

  it('goes on at a newer state where the server offers that', async () => {
    const answers = [page(['a'], 'second'), expiredWith('newer'), page(['b'])];
    server.answer((_, index) => answers[index]!);
    expect(await names()).toEqual(['a', 'b']);
    expect(tokens()).toEqual([undefined, 'second', 'newer']);
  });

  it('begins anew else, and hands out nothing twice', async () => {
    const answers = [page(['a', 'b'], 'second'), expired, page(['a', 'b', 'new'], 'next'), page(['c'])];
    server.answer((_, index) => answers[index]!);
    expect(await names()).toEqual(['a', 'b', 'new', 'c']);
    expect(tokens()).toEqual([undefined, 'second', undefined, 'next']);
  });

  it('fails where its state is gone twice', async () => {
    const answers = [page(['a'], 'second'), expired, page(['a'], 'second'), expired];
    server.answer((_, index) => answers[index]!);
    const error = await failure(names());
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
    expect(error.message).toContain('forgot the state of this list while it was read');
  });

  it('fails where its token is refused', async () => {
    server.answer((_, index) =>
      index === 0 ? page(['a'], 'bad') : { status: 400, body: recorded('list-bad-continue.json') },
    );
    const error = await failure(names());
    expect(error).toMatchObject({ code: 'failed', retryable: false });
    expect(error.message).toContain('invalid continue token');
  });

  it('ends by one deadline for all of its pages', async () => {
    await alone(async (own, { nodes }) => {
      own.answer((_, index) => (response) => {
        const body = JSON.stringify({ metadata: { continue: `t${index}` }, items: [] });
        setTimeout(() => response.end(body), 40);
      });
      const error = await failure(gathered(nodes(500)));
      expect(error).toMatchObject({ code: 'timeout', message: expect.stringContaining('within 500 ms') });
      expect(own.seen.length).toBeGreaterThan(1);
    });
  });

  it('is not read on when nobody wants more', async () => {
    server.answer(() => page(['a'], 'more'));
    const pages = reader.nodes(ms)[Symbol.asyncIterator]();
    expect((await pages.next()).value).toHaveLength(1);
    await pages.return?.();
    expect(server.seen).toHaveLength(1);
  });

  it('leaves out what is no object', async () => {
    server.answer(() => json({ metadata: {}, items: [null, 1, {}, { metadata: { name: 'x' } }] }));
    expect(await names()).toEqual([]);
    server.answer(() => json({ metadata: {}, items: null }));
    expect(await names()).toEqual([]);
  });

  it('is one for each reason of an event', async () => {
    server.answer(() => page([]));
    await gathered(reader.podEvents({ namespace: 'shop', reasons: ['Failed', 'BackOff'] }, ms));
    await gathered(reader.podEvents({ namespace: null, reasons: [] }, ms));
    expect(server.seen.map(({ path, query }) => [path, query['fieldSelector']])).toEqual([
      ['/api/v1/namespaces/shop/events', 'involvedObject.kind=Pod,reason=Failed'],
      ['/api/v1/namespaces/shop/events', 'involvedObject.kind=Pod,reason=BackOff'],
      ['/api/v1/events', 'involvedObject.kind=Pod'],
    ]);
  });

  it('of pods is narrowed by selectors', async () => {
    server.answer(() => page([]));
    await gathered(
      reader.pods({ namespace: 'a b', fieldSelector: 'status.phase=Pending', labelSelector: 'x in (y)' }, ms),
    );
    expect(server.seen[0]).toMatchObject({
      path: '/api/v1/namespaces/a%20b/pods',
      query: { fieldSelector: 'status.phase=Pending', labelSelector: 'x in (y)' },
    });
  });
});
