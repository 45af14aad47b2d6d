import { describe, expect, it } from '@jest/globals';
import { hangingPods, mayHang } from '../../../src/domain/kubernetes/hanging.js';
import type { PodRecord } from '../../../src/domain/kubernetes/records.js';
import { MINUTE, NOW } from '../../facts.js';
import { event, pod, SPACE_WORDS } from '../../kubernetes-facts.js';

const SETTING = { now: NOW, notReady: new Set<string>(), blindBecause: null };

describe('a pod may hang', () => {
  it.each<[string, Partial<PodRecord>, boolean]>([
    ['after half a minute on its node', { scheduledAt: NOW - 30_000 }, true],
    ['not before', { scheduledAt: NOW - 29_999 }, false],
    [
      'without a node, since it was created',
      { node: null, scheduledAt: null, createdAt: NOW - 30_000 },
      true,
    ],
    ['not when it is being deleted', { deletingSince: NOW }, false],
    ['not when it runs', { phase: 'Running' }, false],
    [
      'not when it is held back on purpose',
      { node: null, unschedulable: 'Scheduling is blocked due to non-empty scheduling gates' },
      false,
    ],
  ])('%s', (_case, changes, expected) => {
    expect(mayHang(pod(changes), NOW)).toBe(expected);
  });
});

describe('pods that hang', () => {
  it('are told with their cause, their node, their owner and since when', () => {
    const told = new Map([['uid-of-web-1', [event(SPACE_WORDS)]]]);
    expect(hangingPods([pod()], told, SETTING)).toEqual({
      hanging: [
        {
          namespace: 'shop',
          name: 'web-1',
          uid: 'uid-of-web-1',
          node: 'node-2',
          createdAt: NOW - 10 * MINUTE - 2000,
          labels: { app: 'web' },
          owner: { kind: 'ReplicaSet', name: 'web-fc4cb949f', uid: 'uid-of-rs' },
          since: NOW - 10 * MINUTE,
          cause: 'address-refused',
          confidence: 'certain',
          words: SPACE_WORDS,
          saidAt: NOW - MINUTE,
        },
      ],
      counts: { 'address-refused': 1 },
      afterMs: 30_000,
      withEvents: true,
    });
  });

  it('of which nothing is told get two minutes: they may pull a large image', () => {
    const young = pod({ scheduledAt: NOW - 2 * MINUTE + 1 });
    expect(hangingPods([young], new Map(), SETTING).hanging).toEqual([]);
    const old = pod({ scheduledAt: NOW - 2 * MINUTE });
    expect(hangingPods([old], new Map(), SETTING).counts).toEqual({ unknown: 1 });
  });

  it('are counted all, and listed up to fifty of each cause, longest first', () => {
    const each = Array.from({ length: 900 }, (_, index) =>
      pod({ name: `web-${String(index)}`, scheduledAt: NOW - 5 * MINUTE - index }),
    );
    const image = pod({ name: 'broken', waiting: [{ reason: 'ErrImagePull', message: null }] });
    const { hanging, counts } = hangingPods([...each, image], new Map(), SETTING);
    expect(counts).toEqual({ unknown: 900, image: 1 });
    expect(hanging).toHaveLength(51);
    expect(hanging[0]?.name).toBe('broken');
    expect(hanging[1]?.name).toBe('web-899');
  });

  it('say why events could not be read', () => {
    const blind = { ...SETTING, blindBecause: 'may not list events' };
    expect(hangingPods([pod()], new Map(), blind)).toMatchObject({
      withEvents: false,
      blindBecause: 'may not list events',
      counts: { unknown: 1 },
    });
  });
});
