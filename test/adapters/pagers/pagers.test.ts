import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { makePagers } from '../../../src/adapters/pagers/pagers.js';
import type { PagerSettings } from '../../../src/adapters/pagers/settings.js';
import type { Page } from '../../../src/domain/ports.js';
import { failureOf } from '../../redis.js';
import { oneListener } from './listener.js';

const listener = oneListener();
const hidden = (value: string) => ({ reveal: () => value });
const AT = Date.parse('2026-11-24T03:10:00Z');

function page(overrides: Partial<Page> = {}): Page {
  return {
    key: 'inc1',
    act: 'trigger',
    cluster: 'prod',
    environment: 'live',
    rule: 'nospace',
    cause: 'space',
    severity: 'critical',
    summary: 'prod: etcd is full: m1 raised NOSPACE',
    details: ['m1 2 GiB of 2 GiB', 'Propose the fix'],
    since: Date.parse('2026-11-24T03:00:00Z'),
    at: AT,
    ...overrides,
  };
}

const SETTINGS: Record<PagerSettings['kind'], () => PagerSettings> = {
  pagerduty: () => ({ kind: 'pagerduty', name: 'pd', url: listener.url, routingKey: hidden('r0uting') }),
  alertmanager: () => ({
    kind: 'alertmanager',
    name: 'am',
    url: `${listener.url}/am/`,
    bearerToken: hidden('b3arer'),
  }),
  webhook: () => ({
    kind: 'webhook',
    name: 'ours',
    url: hidden(`${listener.url}/h00k`),
    secret: hidden('s1gn'),
  }),
};

async function send(kind: PagerSettings['kind'], overrides?: Partial<Page>, timeoutMs = 5000): Promise<void> {
  const [pager] = makePagers([{ ...SETTINGS[kind](), timeoutMs }]);
  await pager!.send(page(overrides));
}

/** Nobody listens there: it has just been given back. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const sent = (): unknown => JSON.parse(listener.heard.at(-1)?.body ?? 'null');

describe('PagerDuty', () => {
  it('gets an event of its Events API v2', async () => {
    await send('pagerduty');
    expect(listener.heard).toEqual([
      expect.objectContaining({ method: 'POST', path: '/v2/enqueue' }) as unknown,
    ]);
    expect(sent()).toEqual({
      routing_key: 'r0uting',
      event_action: 'trigger',
      dedup_key: 'inc1',
      client: 'etcd-steward',
      payload: {
        summary: 'prod: etcd is full: m1 raised NOSPACE',
        source: 'prod',
        severity: 'critical',
        timestamp: '2026-11-24T03:00:00.000Z',
        component: 'etcd',
        group: 'live',
        class: 'nospace',
        custom_details: { cause: 'space', details: ['m1 2 GiB of 2 GiB', 'Propose the fix'] },
      },
    });
  });

  it.each(['acknowledge', 'resolve'] as const)('gets %s with the same key and no more', async (act) => {
    await send('pagerduty', { act });
    expect(sent()).toEqual({ routing_key: 'r0uting', event_action: act, dedup_key: 'inc1' });
  });

  it('gets no longer summary than it takes', async () => {
    await send('pagerduty', { summary: 'x'.repeat(2000), environment: null });
    const { payload } = sent() as { payload: { summary: string } };
    expect(payload.summary).toHaveLength(1024);
    expect(payload).not.toHaveProperty('group');
  });
});

describe('Alertmanager', () => {
  const labels = {
    alertname: 'etcd-space',
    cluster: 'prod',
    environment: 'live',
    severity: 'critical',
    incident: 'inc1',
  };

  it('gets an alert that fires for ten minutes, below the base’s own path', async () => {
    await send('alertmanager');
    expect(listener.heard[0]).toMatchObject({ method: 'POST', path: '/am/api/v2/alerts' });
    expect(listener.heard[0]?.headers.authorization).toBe('Bearer b3arer');
    expect(sent()).toEqual([
      {
        labels,
        annotations: {
          summary: 'prod: etcd is full: m1 raised NOSPACE',
          description: 'm1 2 GiB of 2 GiB\nPropose the fix',
          rule: 'nospace',
        },
        startsAt: '2026-11-24T03:00:00.000Z',
        endsAt: '2026-11-24T03:20:00.000Z',
      },
    ]);
  });

  it('knows the end by the same labels, also when another rule is the worst then', async () => {
    await send('alertmanager', { act: 'resolve', rule: 'quota-low' });
    expect(sent()).toMatchObject([{ labels, endsAt: '2026-11-24T03:10:00.000Z' }]);
  });

  it('never gets an alert that ends before it began', async () => {
    await send('alertmanager', { act: 'resolve', since: AT + 5000 });
    expect(sent()).toMatchObject([
      { startsAt: '2026-11-24T03:10:00.000Z', endsAt: '2026-11-24T03:10:00.000Z' },
    ]);
  });

  it('is not told who acknowledged, for it has no word for it, and wants to be told again', async () => {
    await send('alertmanager', { act: 'acknowledge' });
    expect(listener.heard).toEqual([]);
    const repeats = makePagers(Object.values(SETTINGS).map((make) => make()));
    expect(repeats.map(({ name, repeatEveryMs }) => [name, repeatEveryMs])).toEqual([
      ['pd', undefined],
      ['am', 60_000],
      ['ours', undefined],
    ]);
  });

  it('gets no token where none is configured', async () => {
    const [pager] = makePagers([{ kind: 'alertmanager', name: 'am', url: listener.url, bearerToken: null }]);
    await pager!.send(page());
    expect(listener.heard[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('a webhook', () => {
  it('gets the page as JSON, signed together with its time', async () => {
    await send('webhook', { act: 'resolve' });
    const [{ path, headers, body }] = listener.heard as [(typeof listener.heard)[number]];
    expect(path).toBe('/h00k');
    expect(sent()).toEqual({
      ...page({ act: 'resolve' }),
      since: '2026-11-24T03:00:00.000Z',
      at: '2026-11-24T03:10:00.000Z',
    });
    const timestamp = String(AT / 1000);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-steward-timestamp': timestamp,
      'x-steward-signature': `sha256=${createHmac('sha256', 's1gn').update(`${timestamp}.${body}`).digest('hex')}`,
    });
  });

  it('is not signed where no secret is configured', async () => {
    const [pager] = makePagers([
      { kind: 'webhook', name: 'ours', url: hidden(`${listener.url}/h00k`), secret: null },
    ]);
    await pager!.send(page());
    expect(listener.heard[0]?.headers).not.toHaveProperty('x-steward-signature');
  });
});

describe.each(['pagerduty', 'alertmanager', 'webhook'] as const)('%s that does not take it', (kind) => {
  it.each([
    [429, 'too-many-requests', true],
    [500, 'unavailable', true],
    [503, 'unavailable', true],
    [408, 'failed', true],
    [400, 'failed', false],
    [401, 'auth', false],
    [403, 'denied', false],
    [302, 'failed', false],
  ])('answers %i: %s, to be tried again: %p', async (status, code, retryable) => {
    listener.replies(status);
    const { error } = await failureOf(send(kind));
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain(`status ${String(status)}`);
    expect(listener.heard).toHaveLength(1);
    expect(inspect(error, { depth: 9 })).not.toMatch(/r0uting|b3arer|h00k|s1gn/);
  });

  it('breaks the connection: to be tried again, and no secret is told', async () => {
    listener.replies((response) => response.destroy());
    const { error } = await failureOf(send(kind));
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
    expect(inspect(error, { depth: 9 })).not.toMatch(/r0uting|b3arer|h00k|s1gn/);
  });

  it('gives no answer: to be tried again', async () => {
    listener.replies(() => undefined);
    const { error } = await failureOf(send(kind, {}, 100));
    expect(error).toMatchObject({ code: 'timeout', retryable: true });
    expect(inspect(error, { depth: 9 })).not.toMatch(/r0uting|b3arer|h00k|s1gn/);
  });
});

describe('a pager whose machine is away', () => {
  it('is to be tried again, and its address is not told', async () => {
    const url = hidden(`http://127.0.0.1:${String(await freePort())}/h00k`);
    const [pager] = makePagers([{ kind: 'webhook', name: 'ours', url, secret: null }]);
    const { error } = await failureOf(pager!.send(page()));
    expect(error).toMatchObject({ code: 'unreachable', retryable: true, target: 'the pager ours' });
    expect(inspect(error, { depth: 9 })).not.toMatch(/h00k|127\.0\.0\.1/);
  });
});
