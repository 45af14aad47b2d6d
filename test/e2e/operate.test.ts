import { describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import { fillUntilFull } from '../../infra/local/fill.js';
import { enableAuth, plain, root } from '../adapters/etcd/support.js';
import { CLUSTER, type Settings } from './configuration.js';
import { aScene, type StartedParts } from './scene.js';
import { ask, cardSays, headerOf, press, propose, textOf } from './talk.js';
import { counted, defragmentations } from './truth.js';

const READERS = 'readers';

describe('etcd asks for a user: one without a role reads, root operates', () => {
  let readers: LocalEtcd;
  const scene = aScene({
    etcd: { quotaBytes: 8 * 1024 ** 2 },
    cluster: async ({ etcd, directory }) => {
      await fillUntilFull(etcd.endpoints);
      await enableAuth(etcd);
      return { auth: await user(directory, plain), operate: { auth: await user(directory, root) } };
    },
    others: async (parts) => [await readAlone(parts)],
  });

  it('the one is enough to look', async () => {
    const { message } = await ask(scene, { text: `status ${CLUSTER}` });
    expect(headerOf(message)).toContain('is full: every write is refused');
  });

  it('the other mends it', async () => {
    const card = await propose(scene, `fix ${CLUSTER}`);
    await press(scene, 'anna', card, 'operation.approve');
    expect(textOf(await cardSays(scene, card, /Done/, 60_000))).toContain('Write probe: ✅');
    expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
  });

  it('without the other nothing can be done, and the card says what etcd says', async () => {
    const card = await propose(scene, `defrag ${READERS} --all`);
    await press(scene, 'anna', card, 'operation.approve');
    await scene.drive.waitForModal((view) => view.callback_id === 'operation.review');
    const values = { standstill: { cluster: READERS }, reason: { reason: '' } };
    await scene.drive.submitView({ user: 'anna', values });
    const said = textOf(await cardSays(scene, card, /Failed/, 30_000));
    expect(said).toMatch(/permission denied/);
    expect(said).toContain('The cluster now');
    expect(await counted(readers, 'etcd_disk_backend_defrag_duration_seconds_count')).toEqual([0]);
  });

  async function readAlone({ directory, slack }: StartedParts): Promise<Settings> {
    readers = scene.also(await startEtcd({ version: '3.5', members: 1 }));
    await enableAuth(readers);
    const channels = [slack.channels['platform']];
    return { name: READERS, endpoints: readers.endpoints, channels, auth: await user(directory, plain) };
  }
});

async function user(
  directory: string,
  { username, password }: typeof plain,
): Promise<{ username: string; passwordFile: string }> {
  const passwordFile = join(directory, `${username}.password`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  return { username, passwordFile };
}
