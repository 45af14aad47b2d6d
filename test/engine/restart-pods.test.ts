import { describe, expect, it } from '@jest/globals';
import type { Operation } from '../../src/domain/operation.js';
import { MINUTE } from '../facts.js';
import { kubernetesOf, up, wedged, without } from '../kubernetes.js';
import type { Call } from './model/cluster.js';
import { SCENARIOS } from './model/scenarios.js';
import { makeStage, type Stage } from './model/stage.js';

/** A fix of one full member, with pods of these names that hang; approved. */
async function staged(names: readonly string[], verb: 'fix' | 'restart-pods' = 'fix'): Promise<Stage> {
  const stage = makeStage(1);
  if (verb === 'fix') SCENARIOS['fix of one member']?.prepare(stage);
  stage.cluster.kubernetes = kubernetesOf(...names.map((name) => wedged(name)));
  await stage.approved(verb);
  return stage;
}

function evicted({ cluster }: Stage): readonly string[] {
  return cluster.calls.filter(({ kind }) => kind === 'evict').map(({ about }) => about);
}

/** Does something once, just before the first call of this kind after so many evictions. */
function once(kind: Call['kind'], does: () => void, after = 0): (call: Call) => null {
  let [left, count] = [1, 0];
  return (call) => {
    if (call.kind === kind && count >= after && left-- > 0) does();
    if (call.kind === 'evict') count += 1;
    return null;
  };
}

const SEVEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

describe('A fix that goes to the end', () => {
  it('says which pods run by themselves, and which were restarted', async () => {
    const stage = await staged(SEVEN);
    const { cluster } = stage;
    const operation = await stage.run(
      once('watch', () => {
        for (const name of ['a', 'b', 'f']) cluster.kubernetes = up(cluster.kubernetes, name);
      }),
    );
    expect(operation.conclusion).toMatchObject({
      summary: 'Writes go through again; 7 of 7 pods run with an address (3 by themselves, 4 restarted).',
      next: [],
    });
    expect(evicted(stage)).toEqual(['c', 'd', 'e', 'g'].map((name) => `uid-of-${name}`));
  });

  it('waits three minutes for the kubelets, once, and not at all once all run', async () => {
    const waitedOut = await staged(SEVEN);
    const ended = await waitedOut.run();
    const [first, second] = ended.steps.filter(({ step }) => step.kind === 'restart-pods');
    const waited = (first?.begunAt ?? 0) - (first?.waitsSince ?? 0);
    expect(waited).toBeGreaterThanOrEqual(3 * MINUTE);
    expect(waited).toBeLessThan(3.5 * MINUTE);
    expect(second?.waitsSince).toBeUndefined();
    const quick = await staged(['a']);
    const operation = await quick.run(
      once('watch', () => void (quick.cluster.kubernetes = up(quick.cluster.kubernetes, 'a'))),
    );
    expect(operation.conclusion?.summary).toBe(
      'Writes go through again; 1 of 1 pod runs with an address (1 by itself).',
    );
    expect(evicted(quick)).toEqual([]);
  });

  it('touches no pod that began to hang after the plan, and tells of it', async () => {
    const stage = await staged(['a']);
    const { cluster } = stage;
    const operation = await stage.run(
      once('writeProbe', () => {
        const late = wedged('late', { createdAt: cluster.calls[0]!.at, scheduledAt: cluster.calls[0]!.at });
        cluster.kubernetes = { ...cluster.kubernetes, pods: [...cluster.kubernetes.pods, late] };
      }),
    );
    expect(evicted(stage)).toEqual(['uid-of-a']);
    expect(operation.conclusion?.summary).toBe(
      'Writes go through again; 1 of 1 pod runs with an address (1 restarted). ' +
        '1 pod began to hang after the plan and was not touched: shop/late.',
    );
  });

  it('says which were left, and why', async () => {
    const stage = makeStage(1);
    SCENARIOS['fix of one member']?.prepare(stage);
    stage.cluster.kubernetes = kubernetesOf(wedged('a'), wedged('db-0', { guarded: true }));
    await stage.approved('fix');
    const { conclusion } = await stage.run();
    expect(conclusion?.summary).toBe(
      'Writes go through again; 1 of 2 pods runs with an address (1 restarted); left alone: shop/db-0: ' +
        'the API server refused to evict it, for a disruption budget would be broken.',
    );
    expect(conclusion?.next).toEqual(['Look at those that were left: `/etcd pods calico-prod`.']);
  });

  it('has mended etcd though a replacement gets no address, and goes on watching for a re-raise', async () => {
    const stage = await staged(SEVEN);
    const { cluster } = stage;
    const operation = await stage.run(
      once('evict', () => void (cluster.kubernetes = { ...cluster.kubernetes, starved: true })),
    );
    expect(operation.state).toBe('failed');
    expect(operation.conclusion?.summary).toMatch(/5 of 5 replacements have no address yet: shop\/a-r1, /);
    expect(evicted(stage)).toHaveLength(5);
    expect(operation.watch?.state).toBe('watching');
  });
});

describe('Pods that come and go between proposal and start', () => {
  it('void no approval: those of the plan stay as approved, and what moved is said', async () => {
    const stage = await staged(['a', 'b', 'c'], 'restart-pods');
    const { cluster } = stage;
    cluster.kubernetes = without(up(cluster.kubernetes, 'a'), 'b');
    const operation = await stage.run();
    expect(operation.state).toBe('succeeded');
    expect(operation.absorbed).toContain('2 of the 3 pods of the plan hang no more');
    expect(evicted(stage)).toEqual(['uid-of-c']);
    expect(operation.conclusion?.summary).toBe(
      'Every step is done and proven; 2 of 3 pods run with an address (1 by itself, 1 restarted); 1 pod is gone.',
    );
  });

  it('need nothing of etcd but that it takes writes', async () => {
    const stage = await staged(['a'], 'restart-pods');
    stage.cluster.revision += 1000;
    expect((await stage.run()).state).toBe('succeeded');
    const full = await staged(['a'], 'restart-pods');
    full.cluster.alarms = [{ memberId: full.cluster.members[0]!.id, kind: 'NOSPACE' }];
    expect(await full.run()).toMatchObject({
      state: 'stale',
      conclusion: { summary: expect.stringContaining('etcd still refuses writes') },
    });
  });
});

describe('Between two batches', () => {
  it.each<['cancel' | 'pause', Operation['state']]>([
    ['cancel', 'cancelled'],
    ['pause', 'cancelled'],
  ])('a %s ends it: the first one is done and proven, the second not begun', async (what, state) => {
    const stage = await staged(SEVEN);
    const operation = await stage.run(once('evict', () => stage.asks(what)));
    expect(operation.state).toBe(state);
    expect(evicted(stage)).toHaveLength(5);
    expect(operation.conclusion?.next[0]).toBe('Not done: Restart 2 pods that still hang (2 of 2).');
  });

  it('another process goes on where this one ends, and nothing is done twice', async () => {
    const stage = await staged(SEVEN);
    const operation = await stage.run(once('evict', () => stage.asks('hand over')));
    expect(operation.state).toBe('succeeded');
    expect(evicted(stage)).toEqual(SEVEN.map((name) => `uid-of-${name}`));
  });

  it('waiting goes on in another process, no longer than it would have in this one', async () => {
    const stage = await staged(SEVEN);
    const operation = await stage.run(once('watch', () => stage.asks('hand over')));
    const [first] = operation.steps.filter(({ step }) => step.kind === 'restart-pods');
    const waited = (first?.begunAt ?? 0) - (first?.waitsSince ?? 0);
    expect(operation.state).toBe('succeeded');
    expect(waited).toBeLessThan(4.5 * MINUTE);
  });
});
