import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/domain/snapshot.js';
import backup from '../../src/steps/backup.js';
import writeProbe from '../../src/steps/write-probe.js';
import type { BackupStore } from '../../src/domain/ports.js';
import { full, GIB, healthy, IDS, withEveryStatus, withMembers, withUnreachable } from '../facts.js';
import { stage } from './context.js';

/** By the cluster, and when its operation was proposed, and that one's id. */
const NAME = 'calico-prod@2026-03-10T02-59-00-000Z-op123456.db';
const incident = withEveryStatus(full(healthy()), { sizeBytes: 2 * GIB });

function of(look: Snapshot, backups: Partial<BackupStore> = {}) {
  const act = { kind: 'backup' as const, directory: '/backups', keep: 3 };
  return stage<'backup'>(act, { looks: [look], backups });
}

const free = (bytes: number): Partial<BackupStore> => ({ freeBytes: async () => bytes });

describe('before a backup', () => {
  it('chooses a follower, and a name by cluster and operation', async () => {
    expect(await backup.precondition(of(incident, free(3 * GIB)).context)).toEqual({
      go: 'act',
      evidence: { member: IDS[1], name: NAME },
    });
  });

  it('takes the leader where it is alone', async () => {
    const alone = withEveryStatus(full(withMembers(1)), { sizeBytes: 2 * GIB });
    const ready = await backup.precondition(of(alone, free(3 * GIB)).context);
    expect(ready).toMatchObject({ go: 'act', evidence: { member: IDS[0] } });
  });

  it.each([
    ['is just enough', 1.2, 'act'],
    ['is too little by a byte', 1.2 - 1 / (2 * GIB), 'stop'],
  ])('looks at the room there is: it %s', async (_how, share, go) => {
    const ready = await backup.precondition(of(incident, free(2 * GIB * share)).context);
    expect(ready).toMatchObject({ go });
  });

  it('says how much room is missing, and what to do', async () => {
    expect(await backup.precondition(of(incident, free(GIB)).context)).toMatchObject({
      because: '/backups has 1 GiB free, and the backup needs 2.4 GiB',
      next: [expect.stringContaining('backup.directory')],
    });
  });

  it('leaves out one that this operation has taken already, however little room is left', async () => {
    const asked: string[] = [];
    const find = async (directory: string, name: string) => {
      asked.push(`${directory}/${name}`);
      return { path: `${directory}/${name}`, bytes: GIB };
    };
    expect(await backup.precondition(of(incident, { find, ...free(0) }).context)).toEqual({
      go: 'skip',
      because: `it was taken already: /backups/${NAME}, 1 GiB`,
    });
    expect(asked).toEqual([`/backups/${NAME}`]);
  });

  it('waits for an election', async () => {
    const nobody = withEveryStatus(incident, { leaderId: '0' });
    expect(await backup.precondition(of(nobody, free(9 * GIB)).context)).toMatchObject({ go: 'wait' });
  });

  it('stops where a member is down', async () => {
    const down = withUnreachable(incident, 'm3');
    expect(await backup.precondition(of(down, free(9 * GIB)).context)).toMatchObject({ go: 'stop' });
  });
});

describe('a backup', () => {
  it('is streamed from the member of before, and older ones of this cluster go', async () => {
    const pruned: unknown[] = [];
    const saved: unknown[] = [];
    const backups: Partial<BackupStore> = {
      save: async (path, content) => {
        saved.push(path);
        for await (const chunk of content) saved.push(chunk.length);
        return { path: '', bytes: 3, sha256: '' };
      },
      prune: async (...what) => (pruned.push(what), []),
    };
    const { context, calls } = of(incident, backups);
    await backup.act(context, { member: IDS[2]!, name: 'n.db' });
    expect(calls).toEqual(['m3 snapshot']);
    expect(saved).toEqual([{ directory: '/backups', name: 'n.db' }, 3]);
    expect(pruned).toEqual([['/backups', 'calico-prod@', 3]]);
  });

  it('is a failure of the cluster where nobody answers any more', async () => {
    const nobody = ['m1', 'm2', 'm3'].reduce((look, name) => withUnreachable(look, name), incident);
    const { context, calls } = of(nobody);
    await expect(backup.act(context, { member: IDS[1]!, name: 'n.db' })).rejects.toMatchObject({
      name: 'TargetError',
      code: 'unreachable',
    });
    expect(calls).toEqual([]);
  });

  it('is done where its file is there by its name, and not done else', async () => {
    const found = { find: async () => ({ path: '/backups/n.db', bytes: 2 * GIB }) };
    expect(await backup.effect(of(incident, found).context, { name: 'n.db' }, false)).toEqual({
      seen: 'done',
      result: '/backups/n.db, 2 GiB, checksum verified',
    });
    expect(await backup.effect(of(incident).context, { name: 'n.db' }, true)).toMatchObject({
      seen: 'not-done',
    });
  });
});

describe('the test write', () => {
  const probing = (look: Snapshot) => stage<'write-probe'>({ kind: 'write-probe' }, { looks: [look] });

  it('goes to the leader', async () => {
    const { context, calls } = probing(withEveryStatus(incident, { leaderId: IDS[2]! }));
    await writeProbe.act(context, {});
    expect(calls).toEqual(['m3 write']);
  });

  it('fails where nobody leads', async () => {
    const { context } = probing(withEveryStatus(incident, { leaderId: '0' }));
    await expect(writeProbe.act(context, {})).rejects.toMatchObject({ code: 'no-leader' });
  });

  it.each([
    [true, 'done'],
    [false, 'not-done'],
  ])('is proven by its own answer alone: %s', async (answered, seen) => {
    expect(await writeProbe.effect(probing(incident).context, {}, answered)).toMatchObject({ seen });
  });
});
