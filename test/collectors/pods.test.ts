import { describe, expect, it } from '@jest/globals';
import collector from '../../src/collectors/pods.js';
import type { PodEventQuery, PodQuery } from '../../src/domain/kubernetes/ports.js';
import type { PodEvent, PodRecord } from '../../src/domain/kubernetes/records.js';
import { MINUTE, NOW, read } from '../facts.js';
import { denied, pages, reachOf } from '../kubernetes-api.js';
import { event, JSON_WORDS, node, pod, SPACE_WORDS } from '../kubernetes-facts.js';

/** An API that remembers what it was asked for. */
function api(pods: readonly (readonly PodRecord[])[], events: readonly PodEvent[] | null) {
  const asked: (PodQuery | PodEventQuery)[] = [];
  return {
    asked,
    pods: (query: PodQuery) => {
      asked.push(query);
      return pages(...pods);
    },
    podEvents: (query: PodEventQuery) => {
      asked.push(query);
      const wanted = events?.filter(({ reason }) => query.reasons.includes(reason));
      return wanted ? pages(...wanted.map((one) => [one])) : denied<PodEvent>('events');
    },
  };
}

describe('pods that hang', () => {
  it('are read from every namespace, and no event where none hangs', async () => {
    const kubernetes = api([[pod({ scheduledAt: NOW - 1000 })], [pod({ deletingSince: NOW })]], []);
    expect(await collector.read(reachOf(kubernetes))).toMatchObject({ hanging: [], counts: {} });
    expect(kubernetes.asked).toEqual([{ namespace: null, fieldSelector: 'status.phase=Pending' }]);
  });

  it('need no event where their own state says why', async () => {
    const image = pod({ waiting: [{ reason: 'ImagePullBackOff', message: null }] });
    const kubernetes = api([[image]], []);
    expect(await collector.read(reachOf(kubernetes))).toMatchObject({ counts: { image: 1 } });
    expect(kubernetes.asked).toHaveLength(1);
  });

  it('are explained by their sandboxes first, by the rest only where that does not do', async () => {
    const kubernetes = api(
      [[pod()], [pod({ name: 'web-2' })]],
      [
        event(JSON_WORDS),
        event(SPACE_WORDS, { lastAt: NOW - 2 * MINUTE }),
        event('Unable to attach', { pod: 'web-2', reason: 'FailedMount' }),
        event(SPACE_WORDS, { pod: 'somebody-else' }),
      ],
    );
    const { hanging, withEvents } = await collector.read(reachOf(kubernetes));
    expect(withEvents).toBe(true);
    expect(hanging.map(({ name, cause, confidence }) => [name, cause, confidence])).toEqual([
      ['web-1', 'address-refused', 'certain'],
      ['web-2', 'volume', 'certain'],
    ]);
    expect(kubernetes.asked.slice(1)).toEqual([
      { namespace: 'shop', reasons: ['FailedCreatePodSandBox'] },
      {
        namespace: 'shop',
        reasons: ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume', 'NetworkNotReady'],
      },
    ]);
  });

  it('without a node are asked for what the scheduler says, in all namespaces where they are in several', async () => {
    const lost = { node: null, scheduledAt: null };
    const kubernetes = api([[pod(lost), pod({ ...lost, namespace: 'other' })]], []);
    await collector.read(reachOf(kubernetes));
    expect(kubernetes.asked.slice(1)).toEqual([{ namespace: null, reasons: ['FailedScheduling'] }]);
  });

  it('are told also where events are denied', async () => {
    const kubernetes = api([[pod()]], null);
    expect(await collector.read(reachOf(kubernetes))).toMatchObject({
      counts: { unknown: 1 },
      withEvents: false,
      blindBecause: 'Our role may not list events at 10.0.0.9:6443.',
    });
  });

  it('are unknown where pods are denied', async () => {
    await expect(collector.read(reachOf({ pods: () => denied<PodRecord>('pods', [pod()]) }))).rejects.toThrow(
      'may not list pods',
    );
  });

  it('hang for their node where that is not ready, and the list of nodes is not needed', async () => {
    const kubernetes = api([[pod()]], []);
    const nodes = read([node({ name: 'node-2', ready: 'Unknown' })]);
    const { counts } = await collector.read(reachOf(kubernetes, { soFar: { nodes } }));
    expect(counts).toEqual({ node: 1 });
    expect((await collector.read(reachOf(kubernetes))).counts).toEqual({ unknown: 1 });
  });

  it('keeps one event of each reason of 10,000 pods and 50,000 events', async () => {
    const many = Array.from({ length: 20 }, (_, page) =>
      Array.from({ length: 500 }, (_one, index) => pod({ name: `web-${String(page * 500 + index)}` })),
    );
    const events = Array.from({ length: 50_000 }, (_, index) =>
      event(SPACE_WORDS, { pod: `web-${String(index % 10_000)}`, lastAt: NOW - (index % 7) * 1000 }),
    );
    const kubernetes = { ...api(many, []), podEvents: () => pages(events) };
    const { hanging, counts } = await collector.read(reachOf(kubernetes));
    expect(counts).toEqual({ 'address-refused': 10_000 });
    expect(hanging).toHaveLength(50);
  });
});
