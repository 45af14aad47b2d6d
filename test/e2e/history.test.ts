import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fillUntilFull } from '../../infra/local/fill.js';
import { until } from '../../infra/local/until.js';
import { linesOf } from '../../src/adapters/audit/lines.js';
import { readHeads } from '../../src/adapters/audit/stream.js';
import { verifyChains } from '../../src/adapters/audit/verify.js';
import { makeQueues } from '../../src/adapters/queue/queues.js';
import { connectFast, ready } from '../../src/adapters/redis/connection.js';
import { CLUSTER } from './configuration.js';
import { aScene, KEY } from './scene.js';
import { ask, headerOf, press, propose, textOf } from './talk.js';

const TITLE = 'Audit trail of all clusters';

describe('What was asked, decided and done', () => {
  const scene = aScene({ etcd: { quotaBytes: 8 * 1024 ** 2 } });

  beforeAll(async () => {
    await fillUntilFull(scene.etcd.endpoints);
    const card = await propose(scene);
    await press(scene, 'olga', card, 'operation.cancel');
    await scene.drive.waitForMessage(
      'platform',
      (message) => message.ts === card.ts && /cancel/i.test(headerOf(message)),
    );
  });

  it('is shown newest first, by whom it was done', async () => {
    const { message } = await ask(scene, { text: 'history', user: 'vera' });
    const said = textOf(message);
    const olga = `<@${scene.slack.users['olga'] ?? ''}>`;
    expect(said).toMatch(/\*\d{4}-\d\d-\d\d\* UTC/);
    expect(said).toContain(`cancel asked for by ${olga} — fix ${CLUSTER}`);
    expect(said).toMatch(new RegExp(`cancel asked[^]*proposed by ${olga}[^]*process started \\(role all\\)`));
  });

  it.each([
    ['of one person, by id', () => `history --who ${scene.slack.users['olga'] ?? ''}`, 'proposed by'],
    [
      'of nobody, for who has done nothing',
      () => `history --who ${scene.slack.users['ben'] ?? ''}`,
      ': nothing',
    ],
    ['of today', () => `history ${CLUSTER} --day today`, 'proposed by'],
    ['of the year 2000', () => 'history --day 2000-01-01', ': nothing'],
    ['of a name, which could be anybody’s', () => 'history --who @olga', '--who U0123ABCD'],
  ])('is shown %s', async (_title, text, says) => {
    const { message } = await ask(scene, { text: text() });
    expect(textOf(message)).toContain(says);
    expect(textOf(message)).not.toContain('process started');
  });

  it('is exported as a file', async () => {
    const { message } = await ask(scene, { text: 'history --export' });
    expect(textOf(message)).toContain('etcd-steward audit verify --excerpt --file audit-all.jsonl');
    const uploads = () => scene.slack.faults.log().filter(({ body }) => JSON.stringify(body).includes(TITLE));
    expect(await until(() => uploads()[0], { what: 'the file is there' })).toMatchObject({
      method: 'files.completeUploadExternal',
    });
  });

  it('has its ends posted, once, and holds to the end of the process', async () => {
    const client = connectFast(scene.redis.url, () => undefined);
    await ready(client);
    const queues = makeQueues(client, () => undefined);
    for (const time of [1, 2]) await queues.monitor.add('post-heads', { time });
    const isPost = (text: string): boolean => text.includes('where its chains stand');
    const posted = await scene.drive.waitForMessage('platform', (message) => isPost(textOf(message)));
    const [, chain = '', seq = '', mac = ''] =
      /`([0-9a-f]{8}):(\d+):([0-9a-f]{16})`/.exec(textOf(posted)) ?? [];
    await scene.bot.stop();
    expect((await scene.drive.messages('platform')).filter((one) => isPost(textOf(one)))).toHaveLength(1);
    const marks = [...(await readHeads(client, Date.now())), { chain, seq: Number(seq), mac }];
    const file = join(scene.directory, 'state/audit.jsonl');
    const report = await verifyChains(linesOf([file]), { key: KEY, marks });
    expect(report).toMatchObject({ broken: null, torn: [], chains: [{ role: 'all', compared: true }] });
    expect((await readFile(file, 'utf8')).trimEnd().split('\n').at(-1)).toContain('"process.stopped"');
    await Promise.all(Object.values(queues).map((queue) => queue.close()));
    client.disconnect();
  });
});
