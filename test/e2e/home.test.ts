import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message, View } from '../../infra/local/slack/types.js';
import { CLUSTER } from './configuration.js';
import { isRoot } from './incidents.js';
import { aScene } from './scene.js';
import { ask, cardSays, markerOf, propose, textOf, textOfView } from './talk.js';
import { alarmsOf, idOf, operationOf } from './truth.js';

const PNG = '89504e470d0a1a0a';
/** Where the width and the height of a PNG stand, and how wide a phone's picture is at least. */
const WIDTH_AT = 16;
const LEAST_WIDTH = 600;

describe('App Home, and pictures', () => {
  const scene = aScene({
    etcd: { quotaBytes: 8 * 1024 ** 2 },
    settings: ({ slack: { channels } }) => ({ alerts: { routes: [{ channel: channels['elsewhere'] }] } }),
  });
  let root: Message;
  let card: Message;

  beforeAll(async () => {
    await fillUntilFull(scene.etcd.endpoints);
    root = await scene.drive.waitForMessage('elsewhere', isRoot);
    card = await propose(scene);
  });

  it('shows its clusters with their verdict, and what fires', async () => {
    const view = await homeThat('vera', /Open incidents/);
    expect(textOfView(view)).toContain(CLUSTER);
    expect(textOfView(view)).toMatch(/8(\.\d)? MiB of 8 MiB/);
    expect(textOfView(view)).toMatch(/NOSPACE on m\d/);
    expect(textOfView(view)).toContain(scene.slack.channels['elsewhere']);
  });

  it('asks only those for an approval who may give it', async () => {
    expect(actionsIn(await homeThat('anna', /Waiting for your approval/))).toContain('operation.approve');
    const olgas = await homeThat('olga', /Open incidents/);
    expect(textOfView(olgas)).not.toContain('Waiting for your approval');
    expect(actionsIn(olgas)).not.toContain('operation.approve');
  });

  it('shows nothing to somebody who may see nothing', async () => {
    const view = await homeThat('nora', /No cluster to show/);
    expect(textOfView(view)).not.toContain(CLUSTER);
    expect(textOfView(view)).not.toContain('NOSPACE');
    expect(actionsIn(view)).toEqual(['home.refresh']);
  });

  it('takes a button that somebody has no right to as what it is', async () => {
    await scene.drive.clickInHome({ user: 'nora', actionId: 'operation.approve', value: idOf(card) });
    const view = await scene.drive.waitForHome('nora', (one) => /You are not/.test(textOfView(one)));
    expect(textOfView(view)).not.toContain('NOSPACE');
    expect((await operationOf(scene.redis, card)).state).toBe('pending');
  });

  it('an incident is acknowledged in it, and its thread says so', async () => {
    await scene.drive.clickInHome({ user: 'olga', actionId: 'incident.acknowledge' });
    await scene.drive.waitForMessage(
      'elsewhere',
      (message) => message.ts === root.ts && /is on it/.test(textOf(message)),
    );
    const view = await scene.drive.waitForHome('olga', (one) => /acknowledged by/.test(textOfView(one)));
    expect(textOfView(view)).toContain('You are on it');
  });

  it('a fix is approved in it, and is gone from it then', async () => {
    await scene.drive.clickInHome({ user: 'anna', actionId: 'operation.approve' });
    await scene.drive.waitForHome('anna', (one) => /Your approval counts/.test(textOfView(one)));
    await cardSays(scene, card, /Done/, 45_000);
    expect(await alarmsOf(scene.etcd)).toEqual([]);
    await scene.drive.clickInHome({ user: 'anna', actionId: 'home.refresh' });
    const view = await scene.drive.waitForHome('anna', (one) => /succeeded/.test(textOfView(one)));
    expect(textOfView(view)).not.toContain('Waiting for your approval');
  });

  it('/etcd status --chart draws the sizes, as a PNG in its thread', async () => {
    const { message } = await ask(scene, { text: 'status --chart' });
    const picture = await scene.drive.waitForMessage(
      'platform',
      (one) => one.thread_ts === message.ts && one.files?.[0]?.name === 'sizes.png',
    );
    expect(markerOf(message)).toMatch(/^answer:/);
    const bytes = await fileOf(picture);
    expect(bytes.subarray(0, 8).toString('hex')).toBe(PNG);
    expect(bytes.readUInt32BE(WIDTH_AT)).toBeGreaterThanOrEqual(LEAST_WIDTH);
    expect(bytes.length).toBeGreaterThan(5000);
    expect(bytes.length).toBeLessThan(1024 ** 2);
  });

  /** Opened anew, and drawn. */
  async function homeThat(user: string, says: RegExp): Promise<View> {
    await scene.drive.openHome(user);
    return scene.drive.waitForHome(user, (view) => says.test(textOfView(view)));
  }

  async function fileOf({ files }: Message): Promise<Buffer> {
    const headers = { authorization: `Bearer ${scene.slack.botToken}` };
    const answer = await fetch(files?.[0]?.url_private ?? '', { headers });
    return Buffer.from(await answer.arrayBuffer());
  }
});

function actionsIn({ blocks }: View): readonly string[] {
  return blocks.flatMap(({ elements = [] }) => elements.flatMap(({ action_id: id }) => id ?? []));
}
