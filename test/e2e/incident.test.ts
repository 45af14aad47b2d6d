import { beforeAll, describe, expect, it } from '@jest/globals';
import { fillUntilFull, startWriter, type Writer } from '../../infra/local/fill.js';
import type { Message } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import { CLUSTER } from './configuration.js';
import { aScene, type Scene } from './scene.js';
import { ask, cardSays, headerOf, press, propose, stepReplies, textOf, whispered } from './talk.js';
import { trailOf } from './trail.js';
import {
  alarmsOf,
  defragmentations,
  isCompacted,
  membersOf,
  operationOf,
  type MemberTruth,
} from './truth.js';

const QUOTA_BYTES = 16 * 1024 ** 2;
const STEPS = ['Compact', 'Go on only', 'Defragment', 'Move the leader', 'Disarm', 'Prove'];

describe.each(['3.3', '3.4', '3.5'] as const)('The incident on etcd %s', (version) => {
  const scene = aScene({ etcd: { version, quotaBytes: QUOTA_BYTES } });

  describe('as it was: three members run full by calico, nothing else writes', () => {
    let before: readonly MemberTruth[];
    let card: Message;

    beforeAll(async () => {
      const { refusedWith } = await fillUntilFull(scene.etcd.endpoints);
      expect(refusedWith).toContain('database space exceeded');
      before = await membersOf(scene.etcd);
    });

    it('/etcd status is red, and says that every write is refused', async () => {
      const { message } = await ask(scene, { text: 'status' });
      expect(headerOf(message)).toBe(`🔴 ${CLUSTER} is full: every write is refused`);
      expect(textOf(message)).toMatch(/m1[\s\S]*m2[\s\S]*m3/);
    });

    it('/etcd diagnose names the cause and what to do', async () => {
      const { message } = await ask(scene, { text: 'diagnose --probe' });
      expect(headerOf(message)).toContain('every write is refused');
      expect(textOf(message)).toContain('NOSPACE');
      expect(textOf(message)).toMatch(/history|compact/i);
      expect(textOf(message)).toContain('/etcd fix');
    });

    it('/etcd fix posts the plan, with the same acts as lines for a terminal', async () => {
      card = await propose(scene, 'fix --reason "pods do not start"');
      const said = textOf(card);
      expect(headerOf(card)).toBe(`To approve: Make room in ${CLUSTER}`);
      for (const step of STEPS) expect(said).toContain(step);
      expect(said).toContain('Gives back');
      expect(said).toContain('pods do not start');
      expect(await planFile(scene, card)).toMatch(/etcdctl .*compact[\s\S]*defrag[\s\S]*alarm disarm/);
    });

    it('nobody approves their own proposal, and nobody without the right', async () => {
      const own = await whispered(scene, 'olga', () => press(scene, 'olga', card, 'operation.approve'));
      expect(own).toContain('Nobody approves their own proposal.');
      const nobody = await whispered(scene, 'nora', () => press(scene, 'nora', card, 'operation.approve'));
      expect(nobody).toContain(`You are not among the approvers of ${CLUSTER}`);
      expect((await operationOf(scene.redis, card)).state).toBe('pending');
    });

    it('an approval starts it, and the card ends with what has changed', async () => {
      const told = await whispered(scene, 'anna', () => press(scene, 'anna', card, 'operation.approve'));
      expect(told).toContain('Your approval counts: 1 of 1. It starts now.');
      const said = textOf(await cardSays(scene, card, /Done/, 45_000));
      expect(said).toMatch(/m1.*→[\s\S]*m2.*→[\s\S]*m3.*→/);
      expect(said).toMatch(/Alarms: NOSPACE.*→ none/);
      expect(said).toContain('Write probe: ✅');
      expect((await operationOf(scene.redis, card)).state).toBe('succeeded');
    });

    it('every step has one reply in the thread', async () => {
      const { steps } = await operationOf(scene.redis, card);
      const said = await stepReplies(scene, card, steps.length);
      steps.forEach(({ step }, index) => expect(said[index]).toContain(step.label));
    });

    it('etcd itself says that it is well: no alarm, small, compacted, written to', async () => {
      expect(await alarmsOf(scene.etcd)).toEqual([]);
      expect(await defragmentations(scene.etcd)).toEqual([1, 1, 1]);
      const after = await membersOf(scene.etcd);
      after.forEach(({ sizeBytes }, index) =>
        expect(sizeBytes).toBeLessThan((before[index]?.sizeBytes ?? 0) / 4),
      );
      expect(await isCompacted(scene.etcd, Math.min(...before.map(({ revision }) => revision)) - 1)).toBe(
        true,
      );
      expect(await scene.etcd.etcdctl('put', 'pod', 'starts')).toContain('OK');
    });

    it('the watch for another alarm ends quietly, on the same card', async () => {
      const quiet = await scene.drive.waitForMessage(
        'platform',
        (message) => message.ts === card.ts && textOf(message).includes('Quiet: no alarm was raised again'),
        { timeoutMs: 25_000 },
      );
      expect(headerOf(quiet)).toContain('Done');
    });

    it('the record of who did what is in the audit log', async () => {
      const { steps } = await operationOf(scene.redis, card);
      const acts = steps.filter(({ step }) => step.kind !== 'gate');
      // When the incident is told is the monitor's own matter.
      const told = (await trailOf(scene.directory)).filter(({ event }) => !event.startsWith('incident.'));
      expect(told.map(({ event, detail }) => [event, detail?.['step']].filter(Boolean).join(' '))).toEqual([
        ...['process.started', 'configuration.loaded', 'operation.proposed'],
        ...['operation.click-refused', 'operation.click-refused', 'operation.approved', 'operation.started'],
        ...acts.flatMap(({ step: { label } }) => [`step.begun ${label}`, `step.done ${label}`]),
        'operation.succeeded',
      ]);
    });
  });

  describe('while clients go on writing, from before the fix until after it', () => {
    let writer: Writer;
    let card: Message;

    beforeAll(async () => {
      await fillUntilFull(scene.etcd.endpoints);
      // Each member raises its own alarm when a write comes to it: only the first one, up to the plan.
      await scene.etcd.etcdctl('alarm', 'disarm');
      await writeTooMuchTo(scene.etcd.endpoints[0]);
      expect(await alarmsOf(scene.etcd)).toHaveLength(1);
      card = await propose(scene);
      writer = scene.also(startWriter(scene.etcd.endpoints, { writesPerSecond: 60, valueBytes: 4096 }));
      for (const endpoint of scene.etcd.endpoints.slice(1)) await writeTooMuchTo(endpoint);
      expect(await alarmsOf(scene.etcd)).toHaveLength(3);
    });

    it('it is mended all the same, and the card says what moved meanwhile', async () => {
      expect(writer.stats().writes).toBe(0);
      await press(scene, 'ben', card, 'operation.approve');
      const said = textOf(await cardSays(scene, card, /Done/, 45_000));
      expect(said).toMatch(/new since the plan: NOSPACE on m\d, NOSPACE on m\d/);
      expect((await operationOf(scene.redis, card)).state).toBe('succeeded');
    });

    it('the clients write again, and no alarm comes back', async () => {
      await until(() => writer.stats().writes > 50, { what: 'fifty writes went through' });
      expect(await alarmsOf(scene.etcd)).toEqual([]);
      expect(await defragmentations(scene.etcd)).toEqual([2, 2, 2]);
    });
  });
});

/** The lines for a terminal are too long for the card: they lie in a file in its thread. */
async function planFile({ slack, drive }: Scene, card: Message): Promise<string> {
  const isPlan = ({ files, thread_ts: root }: Message): boolean =>
    root === card.ts && files?.[0]?.name === 'plan.txt';
  const { files } = await drive.waitForMessage('platform', isPlan);
  const answer = await fetch(files?.[0]?.url_private ?? '', {
    headers: { authorization: `Bearer ${slack.botToken}` },
  });
  return answer.text();
}

async function writeTooMuchTo(endpoint: string | undefined): Promise<void> {
  await fillUntilFull([endpoint ?? ''], { valueBytes: 1_000_000 });
}
