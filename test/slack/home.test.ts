import { describe, expect, it } from '@jest/globals';
import type { Outlook } from '../../src/domain/alerting/incident.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { TargetError } from '../../src/domain/errors.js';
import type { Operation } from '../../src/domain/operation.js';
import type { Directory } from '../../src/domain/ports.js';
import { homeOf, type HomeDeps } from '../../src/slack/home.js';
import { clusterOf } from '../engine/world.js';
import { NOW } from '../facts.js';
import { pendingFix, succeededFix } from '../operations.js';
import { incident, outlook } from './home-content.js';

const INTERVAL = 15_000;
const ANNA = { teamId: 'T1', userId: 'ANNA' };

/** ANNA is in C1, and may approve everywhere. */
function clusterIn(name: string, channel: string): Cluster {
  const base = clusterOf(pendingFix());
  const policy = { ...base.policy, approvers: { users: ['ANNA'], groups: [] } };
  return { ...base, name, channels: [channel], policy, policies: {} };
}

interface Given {
  readonly clusters: readonly Cluster[];
  readonly operations?: readonly Operation[];
  readonly directory?: Partial<Directory>;
  readonly outlooks?: Readonly<Record<string, Outlook>>;
}

function depsWith({ clusters, operations = [], directory = {}, outlooks = {} }: Given) {
  const asked: string[] = [];
  const deps = {
    clusters,
    teamId: 'T1',
    directory: {
      person: async (id: string) => ({ id, teamId: 'T1' }),
      isShared: async () => false,
      isMember: async (channel: string) => channel === 'C1',
      groupMembers: async () => [],
      ...directory,
    },
    alerts: {
      outlooks: async (names: readonly string[]) => {
        asked.push(`outlooks of ${String(names.length)}`);
        return names.map((name) => outlooks[name] ?? null);
      },
      open: async () => {
        asked.push('open incidents');
        return [incident({ cluster: 'seen' }), incident({ cluster: 'hidden' }), incident({ cluster: '*' })];
      },
    },
    operations: { open: async () => operations, recent: async () => operations },
    clock: { now: () => NOW, pause: async () => undefined },
    sampleValidMs: INTERVAL,
  } as unknown as HomeDeps;
  return { deps, asked };
}

function of(operation: Operation, id: string, cluster: string): Operation {
  const policy = { ...operation.policy, approvers: { users: ['ANNA'], groups: [] } };
  return { ...operation, id, policy, plan: { ...operation.plan, cluster } };
}

const both = [clusterIn('seen', 'C1'), clusterIn('hidden', 'C2')];

describe('what a Home shows', () => {
  it('is of the clusters that this person may see, and of no others', async () => {
    const operations = ['seen', 'hidden'].flatMap((cluster) => [
      of(pendingFix(), `pending-${cluster}`, cluster),
      of(succeededFix(), `done-${cluster}`, cluster),
    ]);
    const home = await homeOf(depsWith({ clusters: both, operations }).deps, ANNA);
    expect(home.clusters.map(({ name }) => name)).toEqual(['seen']);
    expect(home.waiting.map(({ id }) => id)).toEqual(['pending-seen']);
    expect(home.recent.map(({ id }) => id)).toEqual(['done-seen']);
    expect(home.incidents.map(({ cluster }) => cluster)).toEqual(['seen', '*']);
    expect(home.unsure).toBe(0);
  });

  it('is nothing at all for somebody who may see no cluster', async () => {
    const operations = [of(pendingFix(), 'op-1', 'hidden')];
    const { deps } = depsWith({ clusters: both.slice(1), operations });
    expect(await homeOf(deps, ANNA)).toMatchObject({
      ...{ clusters: [], waiting: [], incidents: [], recent: [], unsure: 0 },
    });
  });

  it('counts the clusters of which Slack did not say whether they may be seen', async () => {
    const silent = () => Promise.reject(new TargetError('unavailable', 'slack', 'no answer'));
    const { deps } = depsWith({ clusters: both, directory: { isMember: silent } });
    expect(await homeOf(deps, ANNA)).toMatchObject({ clusters: [], unsure: 2 });
  });

  it('takes nothing for true that was sampled three intervals ago', async () => {
    const clusters = ['fresh', 'old', 'new'].map((name) => clusterIn(name, 'C1'));
    const outlooks = {
      fresh: outlook('fresh', { at: NOW - 3 * INTERVAL }),
      old: outlook('old', { at: NOW - 3 * INTERVAL - 1 }),
    };
    const home = await homeOf(depsWith({ clusters, outlooks }).deps, ANNA);
    expect(home.clusters.map(({ stale }) => stale)).toEqual([false, true, false]);
    expect(home.clusters.map((one) => one.outlook?.cluster ?? null)).toEqual(['fresh', 'old', null]);
  });

  it('of two hundred clusters is read with one question for all of them', async () => {
    const clusters = Array.from({ length: 200 }, (_, index) => clusterIn(`c${String(index)}`, 'C1'));
    const { deps, asked } = depsWith({ clusters });
    expect((await homeOf(deps, ANNA)).clusters).toHaveLength(200);
    expect(asked).toEqual(['outlooks of 200', 'open incidents']);
  });
});
