import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { CLUSTER } from './configuration.js';
import { aScene } from './scene.js';
import { ask, cardSays, headerOf, press, propose, stepReplies, textOf } from './talk.js';
import {
  alarmsOf,
  compactions,
  defragmentations,
  inRedis,
  isCompacted,
  leaderOf,
  membersOf,
  operationOf,
} from './truth.js';

const QUOTA_BYTES = 16 * 1024 ** 2;

describe('Each maintenance command, from Slack to etcd', () => {
  const scene = aScene({
    etcd: { quotaBytes: QUOTA_BYTES },
    cluster: ({ directory }) => ({ backup: { directory: join(directory, 'backups'), keep: 2 } }),
  });

  beforeAll(async () => {
    for (const value of ['1', '2', '3']) await scene.etcd.etcdctl('put', 'pod', value);
  });

  describe('with --dry-run', () => {
    it.each([
      ['compact --revision 2', `Compact ${CLUSTER} up to revision 2`, 'etcdctl .*compact .*2'],
      ['defrag --all', `Defragment m\\d, m\\d and m\\d of ${CLUSTER}`, 'etcdctl .*defrag'],
      ['move-leader', `Move the leader from m\\d to m\\d in ${CLUSTER}`, 'etcdctl .*move-leader'],
      ['backup', `Back up ${CLUSTER}`, 'etcdctl .*snapshot save'],
    ])('%s shows the plan and its facts, and asks for no reason', async (text, title, byHand) => {
      const { message } = await ask(scene, { text: `${text} --dry-run` });
      expect(headerOf(message)).toMatch(new RegExp(`^Would propose: ${title}$`));
      const said = textOf(message);
      expect(said).toMatch(/What will happen[^]*The facts it stands on[^]*m1[^]*m2[^]*m3[^]*no alarm/);
      expect(said).toContain('*Nothing was created or started.*');
      expect(said).toMatch(new RegExp(`${byHand}|the etcdctl lines are in the file`));
    });

    it('nothing of it is in Redis, and etcd and the disk are as they were', async () => {
      const kept = await inRedis(scene.redis, (redis) => redis.keys('{steward}:operation*'));
      expect(kept).toEqual([]);
      expect(await defragmentations(scene.etcd)).toEqual([0, 0, 0]);
      expect(await isCompacted(scene.etcd, 1)).toBe(false);
      await expect(readdir(join(scene.directory, 'backups'))).rejects.toThrow('ENOENT');
    });
  });

  describe('on a cluster that is well', () => {
    it.each([
      ['disarm', 'No NOSPACE alarm is armed.'],
      ['defrag m1', 'Not worth a pause; it would give back: m1'],
      ['compact --revision 999999', 'Revision 999 999 is above'],
      ['move-leader m7', 'm7'],
    ])('%s is refused, and says why', async (text, why) => {
      const { message } = await ask(scene, { text: `${text} --reason why` });
      expect(textOf(message).replaceAll(/\s+/g, ' ')).toContain(why);
    });

    it('backup leaves a file that etcd can read, its checksum verified', async () => {
      const [said] = await stepReplies(scene, await carriedOut('backup'), 1);
      expect(said).toMatch(/✅ \*Back up to[^]*checksum verified/);
      const directory = join(scene.directory, 'backups');
      const [name = ''] = await readdir(directory);
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
      expect(await scene.etcd.etcdctl('snapshot', 'status', join(directory, name))).toMatch(
        /^[0-9a-f]+, \d+, \d+, /,
      );
    });

    it('defrag takes the members that are named, with --all also where it gives nothing back', async () => {
      await carriedOut('defrag m1 m3 --all');
      expect(await defragmentations(scene.etcd)).toEqual([1, 0, 1]);
    });

    it('move-leader hands over to the member that is named', async () => {
      const to = (await leaderOf(scene.etcd)) === 'm2' ? 'm3' : 'm2';
      const card = await carriedOut(`move-leader ${to}`);
      expect(await leaderOf(scene.etcd)).toBe(to);
      expect(textOf(card)).toContain('writes go through');
    });
  });

  describe('on a cluster that is full, one after the other', () => {
    beforeAll(() =>
      fillUntilFull(scene.etcd.endpoints, { keys: 5, valueBytes: 200_000 }).then(() => undefined),
    );

    it('compact lets the history go', async () => {
      const counted = await compactions(scene.etcd);
      const [{ revision } = { revision: 0 }] = await membersOf(scene.etcd);
      const card = await carriedOut(`compact --revision ${String(revision)}`);
      expect(await isCompacted(scene.etcd, revision - 1)).toBe(true);
      expect(await compactions(scene.etcd)).toEqual(counted.map((count) => count + 1));
      // The backup of a moment ago is good enough.
      const { steps } = await operationOf(scene.redis, card);
      expect(steps.map(({ step }) => step.kind)).toEqual(['compact']);
    });

    it('defrag gives the room back, without having to be told which members', async () => {
      await carriedOut('defrag');
      expect(await defragmentations(scene.etcd)).toEqual([2, 1, 2]);
      for (const { sizeBytes } of await membersOf(scene.etcd))
        expect(sizeBytes).toBeLessThan(QUOTA_BYTES / 4);
      expect((await alarmsOf(scene.etcd)).length).toBeGreaterThan(0);
    });

    it('disarm opens it again', async () => {
      await carriedOut('disarm');
      expect(await alarmsOf(scene.etcd)).toEqual([]);
      expect(await scene.etcd.etcdctl('put', 'pod', 'starts')).toContain('OK');
    });
  });

  async function carriedOut(text: string): Promise<Message> {
    const card = await propose(scene, `${text} --reason "as the runbook says"`);
    await press(scene, 'anna', card, 'operation.approve');
    return cardSays(scene, card, /Done/);
  }
});
