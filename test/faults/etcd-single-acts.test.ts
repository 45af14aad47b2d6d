import { describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compactions, isCompacted } from '../e2e/truth.js';
import { followersIn, leaderIn, moveLeader } from './etcd-by-hand.js';
import { fillTo } from './live-data.js';
import { aFaultStage } from './stage.js';

describe('A single act', () => {
  const stage = aFaultStage();

  it('moves the leader to the member that was named', async () => {
    const to = (await followersIn(stage.etcd))[1]!.name;
    const ended = await stage.carryOut('move-leader', { to });
    expect(ended).toMatchObject({
      state: 'succeeded',
      conclusion: { summary: expect.stringMatching(/proven/) },
    });
    expect((await leaderIn(stage.etcd)).name).toBe(to);
  });

  it('does not move it where there was an election since it was approved', async () => {
    const [one, other] = await followersIn(stage.etcd);
    const proposed = await stage.propose('move-leader', { to: one!.name });
    await stage.approve(proposed);
    await moveLeader(stage.etcd, other!.name);
    const { state, conclusion } = await stage.execute(proposed);
    expect(state).toBe('stale');
    expect(conclusion?.summary).toContain('there was an election since the plan was made');
    expect(stage.sent).toEqual([]);
    expect((await leaderIn(stage.etcd)).name).toBe(other!.name);
  });

  it('leaves it with the named member that has got it meanwhile', async () => {
    const to = (await followersIn(stage.etcd))[0]!.name;
    stage.when({ at: 'asked', kind: 'move-leader' }, () => moveLeader(stage.etcd, to));
    const ended = await stage.carryOut('move-leader', { to });
    expect(ended).toMatchObject({
      state: 'succeeded',
      steps: [{ state: 'skipped', result: `${to} leads already` }, {}],
    });
    expect(stage.sent.join()).not.toContain('move-leader');
  });

  it.each([
    ['before the start', 0.2],
    ['as it is sent', 0.4],
  ] as const)('compacts nothing that somebody else compacted beyond %s', async (moment, share) => {
    await fillTo(stage.etcd, share);
    const before = await compactions(stage.etcd);
    const proposed = await stage.propose('compact', { keep: '5' });
    await stage.approve(proposed);
    if (moment === 'before the start') await compactAll();
    else stage.when({ at: 'sending', kind: 'compact' }, compactAll);
    const ended = await stage.execute(proposed);
    expect(ended.state).toBe('succeeded');
    const { revision } = proposed.plan.steps.find((step) => step.kind === 'compact')!;
    const said =
      moment === 'before the start'
        ? { state: 'skipped', result: expect.stringMatching(/is already compacted$/) }
        : { state: 'done', result: expect.stringMatching(/^all 3 members compacted/) };
    expect(ended.steps[0]).toMatchObject(said);
    expect(await isCompacted(stage.etcd, revision)).toBe(true);
    // Theirs alone was counted.
    expect((await compactions(stage.etcd)).map((count, index) => count - before[index]!)).toEqual([1, 1, 1]);
  });

  it('takes a backup once, also where the process ends between the file and the journal', async () => {
    const directory = join(stage.directory, 'backups');
    stage.cluster = { ...stage.cluster, backup: { directory, keep: 3 } };
    stage.when({ at: 'answered', kind: 'backup' }, () => {
      throw new TypeError('the process is gone');
    });
    const proposed = await stage.propose('backup');
    await stage.approve(proposed);
    await expect(stage.execute(proposed)).rejects.toThrow('the process is gone');
    await stage.goSilent(proposed);
    const ended = await stage.settle(proposed);
    expect(ended).toMatchObject({ state: 'succeeded' });
    expect(ended.steps[0]?.result).toMatch(/checksum verified \(read afterwards\)$/);
    expect(await readdir(directory)).toHaveLength(1);
    expect(stage.sent).toHaveLength(1);
    expect(await stage.holder()).toBeNull();
  });

  it('of two is not done again by the process that goes on after it', async () => {
    const directory = join(stage.directory, 'handed-over');
    stage.cluster = { ...stage.cluster, backup: { directory, keep: 3 } };
    stage.when({ at: 'answered', kind: 'backup' }, () => stage.deps.stop(true));
    const handedOver = await stage.carryOut('defrag', { all: true });
    expect(handedOver).toMatchObject({ state: 'running', token: expect.any(String) });
    expect(stage.sent.map((line) => line.slice(3))).toEqual(['snapshot']);
    stage.deps.stop(false);
    expect(await stage.execute(handedOver)).toMatchObject({ state: 'succeeded' });
    expect(stage.sent.filter((line) => line.includes('snapshot'))).toHaveLength(1);
    expect(await readdir(directory)).toHaveLength(1);
  });

  async function compactAll(): Promise<void> {
    const said = await stage.etcd.etcdctl('endpoint', 'status', '-w', 'json');
    const [first] = JSON.parse(said) as [{ Status: { header: { revision: number } } }];
    const at = `--endpoints=${stage.etcd.endpoints[0] ?? ''}`;
    await stage.etcd.etcdctl(at, 'compact', String(first.Status.header.revision), '--physical');
  }
});
