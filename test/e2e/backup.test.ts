import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { aScene } from './scene.js';
import { ask, cardSays, headerOf, press, propose, stepReplies, textOf } from './talk.js';
import { operationOf } from './truth.js';

/** What stands on the approving button. */
function approveText({ blocks }: Message): unknown {
  const buttons = (blocks ?? []).flatMap((block) => block.elements ?? []);
  const text = buttons.find((element) => element.action_id === 'operation.approve')?.text;
  return typeof text === 'object' ? text.text : text;
}

describe('A fix with a backup', () => {
  const scene = aScene({
    etcd: { version: '3.5', quotaBytes: 16 * 1024 ** 2 },
    cluster: ({ directory }) => ({ backup: { directory: join(directory, 'backups'), keep: 2 } }),
  });

  beforeAll(async () => {
    await fillUntilFull(scene.etcd.endpoints);
  });

  it('backs up before anything else, to a file of its own that etcd can read', async () => {
    const card = await propose(scene);
    expect(textOf(card)).toMatch(/1\. {2}Back up to/);
    expect(approveText(card)).toBe('Approve');
    await press(scene, 'anna', card, 'operation.approve');
    await cardSays(scene, card, /Done/, 45_000);
    const [first] = await stepReplies(scene, card, 9);
    expect(first).toMatch(/✅ \*Back up to[\s\S]*checksum verified/);
    const directory = join(scene.directory, 'backups');
    const names = await readdir(directory);
    expect(names).toEqual([expect.stringMatching(/^calico-prod@.*Z-\w{8}\.db$/)]);
    const path = join(directory, names[0]!);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await scene.etcd.etcdctl('snapshot', 'status', path)).toMatch(/^[0-9a-f]+, \d+, \d+, /);
  });

  it('writes everything into the audit, and no value of a key', async () => {
    const lines = (await readFile(join(scene.directory, 'state', 'audit.jsonl'), 'utf8')).trim().split('\n');
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    const wanted = ['process.started', 'operation.proposed', 'operation.approved', 'operation.started'];
    expect(events.filter((event) => wanted.includes(event))).toEqual(wanted);
    expect(events.at(-1)).toBe('operation.succeeded');
    expect(lines.join('\n')).not.toContain('k8s-pod-network');
  });

  it('proposes nothing where nothing is wrong any more, and says so', async () => {
    const { message } = await ask(scene, { text: 'fix --reason again' });
    expect(textOf(message)).toMatch(/Nothing to fix: no alarm/);
  });
});

describe('A bot whose Slack does not answer auth.test', () => {
  const scene = aScene();

  it('answers commands and clicks all the same', async () => {
    scene.slack.faults.fail('auth.test', { status: 500, times: 1000 });
    const { message } = await ask(scene, { text: 'status' });
    expect(headerOf(message)).toContain('is healthy');
    scene.slack.faults.clear();
  });
});

describe('An operation in the hands of its reviewers', () => {
  const scene = aScene({ etcd: { quotaBytes: 16 * 1024 ** 2 } });

  it('says in its button and in its record that there is no backup', async () => {
    await fillUntilFull(scene.etcd.endpoints);
    const card = await propose(scene);
    expect(approveText(card)).toBe('Approve without backup');
    expect((await operationOf(scene.redis, card)).plan.backup).toBe(false);
  });
});
