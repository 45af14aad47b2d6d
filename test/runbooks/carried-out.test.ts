import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import { fillUntilFull } from '../../infra/local/fill.js';
import { leaderOf, readMembers } from '../../src/domain/maintenance/voters.js';
import type { Plan } from '../../src/domain/plan.js';
import type { RunbookSetting } from '../../src/domain/runbook.js';
import { makeRealStage, type RealStage } from './stage.js';

/** Every plan, carried out by the real steps; one story, told in the order of its titles. */
describe.each(['3.4', '3.5'] as const)('On a real etcd %s that is full', (version) => {
  const world: { etcd?: LocalEtcd; stage?: RealStage; directory?: string; backup?: Plan } = {};

  beforeAll(async () => {
    world.etcd = await startEtcd({ version, members: 3, quotaBytes: 16 * 1024 ** 2 });
    world.directory = await mkdtemp(join(tmpdir(), 'etcd-steward-runbooks-'));
    world.stage = await makeRealStage(world.etcd.endpoints);
    await fillUntilFull(world.etcd.endpoints);
  });

  afterAll(async () => {
    world.stage?.close();
    await world.etcd?.stop();
    if (world.directory !== undefined) await rm(world.directory, { recursive: true, force: true });
  });

  async function planned(runbook: string, setting: Partial<RunbookSetting> = {}): Promise<Plan> {
    const made = await world.stage!.plan(runbook, setting);
    if (!made.ok) throw new Error(made.reason);
    return made.value;
  }

  async function refused(runbook: string, setting: Partial<RunbookSetting> = {}): Promise<string> {
    const made = await world.stage!.plan(runbook, setting);
    return made.ok ? `there is a plan: ${made.value.title}` : made.reason;
  }

  const carryOut = (plan: Plan): Promise<readonly string[]> => world.stage!.carryOut(plan);
  const leader = async (): Promise<string> => leaderOf(await world.stage!.look(['members', 'status']))!.label;

  it('a backup is taken, once for one operation', async () => {
    world.backup = await planned('backup', { backup: { directory: world.directory!, keep: 2 } });
    expect(await carryOut(world.backup)).toEqual([expect.stringMatching(/^done .*checksum verified$/)]);
    expect(await carryOut(world.backup)).toEqual([expect.stringMatching(/^skip it was taken already/)]);
    expect(await readdir(world.directory!)).toEqual([
      expect.stringMatching(/^calico-prod@.*Z-op123456\.db$/),
    ]);
  });

  it('disarming is refused', async () => {
    expect(await refused('disarm')).toMatch(/^m\d is full still, at \d+ % of its quota/);
  });

  it('history is compacted, without a write', async () => {
    expect(await carryOut(await planned('compact'))).toEqual([
      expect.stringMatching(/^done all 3 members compacted up to revision/),
    ]);
    expect(await refused('compact')).toMatch(
      /^Nothing to do: history up to revision .* is compacted already/,
    );
  });

  it('every member is defragmented, the leader after it has handed over', async () => {
    const first = await leader();
    const said = await carryOut(await planned('defrag'));
    expect(said).toHaveLength(4);
    expect(said[2]).toMatch(new RegExp(`^done m\\d leads now, ${first} follows$`));
    expect(said[3]).toMatch(new RegExp(`^done ${first}: 16.* → `));
    const sizes = readMembers(await world.stage!.look(['members', 'status']));
    expect(sizes.every((member) => member.share! < 0.5)).toBe(true);
  });

  it('the alarm is disarmed, and a write goes through', async () => {
    expect(await carryOut(await planned('disarm'))).toEqual([
      'done no NOSPACE alarm is left',
      expect.stringMatching(/^done a write went through/),
    ]);
  });

  it('the leader moves to the member that was named', async () => {
    const to = (await leader()) === 'm3' ? 'm1' : 'm3';
    const said = await carryOut(await planned('move-leader', { options: { to } }));
    expect(said[0]).toMatch(new RegExp(`^done ${to} leads now`));
    expect(await leader()).toBe(to);
  });

  it('what does not pay is left alone, and done where that is asked for', async () => {
    expect(await refused('defrag')).toMatch(/^Not worth a pause/);
    const member = (await leader()) === 'm2' ? 'm1' : 'm2';
    const said = await carryOut(await planned('defrag', { options: { members: member, all: true } }));
    expect(said[0]).toMatch(new RegExp(`^done ${member}: `));
  });

  it('so many revisions are kept as were asked for', async () => {
    const plan = await planned('compact', { options: { keep: '2' } });
    expect(plan.reaches).toMatch(/, 2 before the newest/);
    expect((await carryOut(plan))[0]).toMatch(/^done all 3 members/);
  });
});
