import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { aScene } from './scene.js';
import { ask, cardSays, press, propose, textOf } from './talk.js';
import { compactions, defragmentations, membersOf, operationOf } from './truth.js';

describe('When the cluster changes between the plan and its approval', () => {
  const scene = aScene({ etcd: { quotaBytes: 8 * 1024 ** 2 } });
  let card: Message;

  beforeAll(() => fillUntilFull(scene.etcd.endpoints).then(() => undefined));

  it('a member that is down makes the plan stale, and nothing is touched', async () => {
    const compacted = await compactions(scene.etcd);
    card = await propose(scene);
    await scene.etcd.members[2]?.kill();
    await press(scene, 'anna', card, 'operation.approve');
    const said = textOf(await cardSays(scene, card, /Out of date, nothing touched/));
    expect(said).toContain('m3');
    expect(said).toContain('/etcd fix calico-prod');
    await scene.etcd.members[2]?.start();
    expect(await defragmentations(scene.etcd)).toEqual([0, 0, 0]);
    expect((await compactions(scene.etcd)).slice(0, 2)).toEqual(compacted.slice(0, 2));
  });

  it('with a member down there is no plan, and the answer says why', async () => {
    await scene.etcd.members[1]?.kill();
    const { message } = await ask(scene, { text: 'fix --reason again' });
    expect(textOf(message)).toContain('Not every member answers: m2');
    await scene.etcd.members[1]?.start();
    const read = async (): Promise<number> =>
      [...textOf((await ask(scene, { text: 'status' })).message).matchAll(/raft lag/g)].length;
    await until(async () => (await read()) === 3, { what: 'every member is read again', everyMs: 1000 });
  });

  it('somebody else’s compaction and another leader are taken as they come', async () => {
    card = await propose(scene);
    const [{ revision } = { revision: 0 }] = await membersOf(scene.etcd);
    await scene.etcd.etcdctl('compact', String(revision), '--physical');
    await moveLeader();
    await press(scene, 'anna', card, 'operation.approve');
    const said = textOf(await cardSays(scene, card, /Done/));
    expect(said).toMatch(/m\d leads now, was m\d/);
    expect(said).toMatch(/is already compacted/);
    const { steps } = await operationOf(scene.redis, card);
    expect(steps.find(({ step }) => step.kind === 'compact')?.state).toBe('skipped');
  });

  async function moveLeader(): Promise<void> {
    const said = await scene.etcd.etcdctl('endpoint', 'status', '-w', 'json');
    const members = JSON.parse(said) as {
      Endpoint: string;
      Status: { header: { member_id: bigint }; leader: bigint };
    }[];
    const ids = said.match(/"member_id":\d+/g)?.map((one) => BigInt(one.replace(/\D+/, ''))) ?? [];
    const leaders = said.match(/"leader":\d+/g)?.map((one) => BigInt(one.replace(/\D+/, ''))) ?? [];
    const at = ids.findIndex((id) => id === leaders[0]);
    const next = ids[(at + 1) % ids.length] ?? 0n;
    await scene.etcd.etcdctl(`--endpoints=${members[at]?.Endpoint ?? ''}`, 'move-leader', next.toString(16));
  }
});
