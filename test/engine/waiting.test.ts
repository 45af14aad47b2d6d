import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Cluster } from '../../src/domain/cluster.js';
import { TargetError } from '../../src/domain/errors.js';
import type { Operation } from '../../src/domain/operation.js';
import { waitingFor } from '../../src/engine/waiting.js';
import { MINUTE } from '../facts.js';
import { oneRedis } from '../redis.js';
import { CHANNEL, makeScene, pendingNow, type Scene } from './races/scene.js';

const redis = oneRedis();
let scene: Scene;
let clusters: Cluster[];

beforeEach(() => {
  scene = makeScene(redis);
  const { cluster } = scene.world;
  clusters = [cluster, { ...cluster, name: 'kube-prod', channels: ['C0KUBE', CHANNEL + 'X'] }];
});

async function waits(userId: string, channel = CHANNEL): Promise<readonly (readonly string[])[]> {
  const deps = { ...scene.deps, clusters };
  const { here, elsewhere } = await waitingFor(deps, { actor: { teamId: 'T1', userId }, channel });
  return [here, elsewhere].map((all) => all.map(({ id }) => id));
}

const soon = (minutes: number) => Date.now() + minutes * MINUTE;
const onKube = (changes: Partial<Operation>): Partial<Operation> => ({
  ...changes,
  plan: { ...pendingNow().plan, cluster: 'kube-prod' },
});

describe('what waits for somebody’s approval', () => {
  it('is what they may approve, the most urgent first, that of this channel apart', async () => {
    await scene.pending({ id: 'op1', approveBy: soon(20) });
    await scene.pending({ id: 'op2', approveBy: soon(5) });
    await scene.pending(onKube({ id: 'op3', approveBy: soon(10) }));
    expect(await waits('U2')).toEqual([['op2', 'op1'], ['op3']]);
    expect(await waits('U2', 'C0KUBE')).toEqual([['op3'], ['op2', 'op1']]);
    expect(await waits('U2', 'C0NOWHERE')).toEqual([[], ['op2', 'op3', 'op1']]);
  });

  it.each(['approved', 'running', 'denied', 'succeeded', 'expired'] as const)(
    'is nothing that is %s',
    async (state) => {
      await scene.pending({ state });
      expect(await waits('U2')).toEqual([[], []]);
    },
  );

  it('is nothing that they proposed, or have reviewed, or have no right to', async () => {
    scene.reload({ approvers: { users: ['U1', 'U2', 'U3'], groups: ['S1'] } });
    scene.slack.groups = { S1: ['U7'] };
    await scene.pending({ policy: scene.world.cluster.policy });
    clusters = [scene.world.cluster];
    await scene.approve('U2');
    const found = await Promise.all(['U1', 'U2', 'U3', 'U7', 'U9'].map((user) => waits(user)));
    expect(found.map(([here]) => here)).toEqual([[], [], ['op1'], ['op1'], []]);
  });

  it('is nothing to whoever has lost the right, or has got it since', async () => {
    await scene.pending();
    scene.reload({ approvers: { users: ['U3', 'U8'], groups: [] } });
    clusters = [scene.world.cluster];
    expect([await waits('U2'), await waits('U8')]).toEqual([
      [[], []],
      [[], []],
    ]);
    expect(await waits('U3')).toEqual([['op1'], []]);
  });

  it('is nothing of a cluster that is not configured any more', async () => {
    await scene.pending();
    clusters = [];
    expect(await waits('U2')).toEqual([[], []]);
  });

  it('is not known while Slack does not say who may', async () => {
    await scene.pending();
    await scene.pending({ id: 'op2', state: 'running' });
    Object.assign(scene.deps.directory, {
      person: () => Promise.reject(new TargetError('unavailable', 'slack', 'no answer')),
    });
    const asking = { actor: { teamId: 'T1', userId: 'U2' }, channel: CHANNEL };
    const found = await waitingFor({ ...scene.deps, clusters }, asking);
    expect(found).toEqual({ here: [], elsewhere: [], unsure: 1 });
  });
});
