import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../../infra/local/slack/index.js';
import { until } from '../../infra/local/until.js';
import { makeSigner } from '../../src/adapters/signer.js';
import type { Operation } from '../../src/domain/operation.js';
import { hashOf, signed } from '../../src/engine/approval.js';
import { fixPlan, pendingFix } from '../operations.js';
import type { Bench } from './bench.js';
import { clicksOn, seeded, type Click } from './crowd.js';
import { channelOf, KEY, OPERATOR, startDesk, type Desk } from './desk.js';
import { ending } from './ending.js';
import { residentBytes } from './stage.js';
import { percentile } from './statistics.js';
import { milliseconds, type Row } from './table.js';
import { answersTo, broken } from './verdict.js';

const CLUSTERS = Array.from({ length: 200 }, (_, index) => `cluster-${String(index)}`);
/** Ten cards each: no channel comes to the end of Slack's burst. */
const CHANNELS = Array.from({ length: 20 }, (_, index) => `channel-${String(index)}`);
const APPROVERS = Array.from({ length: 10 }, (_, index) => `approver-${String(index)}`);
const CLICKS_EACH = 5;
const WITHIN_MS = 5000;
const MOST_P99_MS = 1000;
const SEED = 3;
const MOST_SAID = 10;
const MINUTE = 60_000;
const OPTIONS = { clusters: CLUSTERS, channels: CHANNELS, approvers: APPROVERS };

/** A night when everything is on fire: 200 operations wait, and a thousand approvals of them come within seconds. */
export const clicks: Bench = (say) =>
  ending(async (end) => {
    const desk = await startDesk(OPTIONS, end);
    const cards = await posted(desk);
    const clicking = clicksOn(cards, { people: APPROVERS, each: CLICKS_EACH, random: seeded(SEED) });
    const begun = performance.now();
    const untaken = await clicked(desk, clicking);
    const sentMs = performance.now() - begun;
    const answers = await answersTo(desk.slack, clicking.length);
    const repaintedMs = await repainted(desk, cards, begun);
    const wrong = await broken(desk, { cards, answers, untaken, clicks: clicking.length });
    wrong.slice(0, MOST_SAID).forEach((one) => say(`  ✗ ${one}`));
    const taken = answers.map(({ tookMs }) => tookMs);
    const at = (share: number): string => milliseconds(percentile(taken, share));
    say(`  ${String(taken.length)} clicks within ${seconds(sentMs)}`);
    say(`  answered: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, worst ${at(1)}`);
    say(`  all cards repainted ${seconds(repaintedMs)} after the first click`);
    const rows = [answerRow(percentile(taken, 0.99)), decisionRow(wrong.length)];
    return { rows, memoryBytes: await residentBytes(desk.bot.pid) };
  });

export interface Card {
  readonly id: string;
  readonly channel: string;
  readonly ts: string;
}

/** The operations as an executor would have proposed them, and their cards once all of them stand. */
async function posted(desk: Desk): Promise<readonly Card[]> {
  const operations = CLUSTERS.map((cluster, index) => proposed(desk, cluster, index));
  for (const operation of operations) {
    await desk.operations.create(operation);
    await desk.outbox.put({ kind: 'operation', id: operation.id, version: operation.version });
  }
  return until(
    async () => {
      const found = (await messages(desk)).flatMap(cardOf);
      return found.length >= operations.length && found;
    },
    { what: 'all cards stand', timeoutMs: 60_000, everyMs: 250 },
  );
}

async function messages({ slack }: Desk): Promise<readonly Message[]> {
  return (await Promise.all(CHANNELS.map((channel) => slack.drive.messages(channel)))).flat();
}

function cardOf({ blocks, channel, ts }: Message): readonly Card[] {
  const [, id] = /^operation:([^:]+)$/.exec(blocks?.[0]?.block_id ?? '') ?? [];
  return id === undefined ? [] : [{ id, channel, ts }];
}

const signer = makeSigner(KEY);

function proposed({ slack }: Desk, cluster: string, index: number): Operation {
  const { users, channels, teamId } = slack;
  const plan = { ...fixPlan(), cluster, clusterId: String(index + 1), title: `Make room in ${cluster}` };
  const now = Date.now();
  const pending = pendingFix({
    ...{ id: `op${String(index)}`, plan, planHash: hashOf(plan) },
    proposer: { teamId, userId: users[OPERATOR] ?? '' },
    place: { channel: channels[channelOf(OPTIONS, index)] ?? '' },
    ...{ createdAt: now, approveBy: now + 30 * MINUTE },
  });
  const approvers = { users: APPROVERS.map((name) => users[name] ?? ''), groups: [] };
  return signed({ ...pending, policy: { ...pending.policy, approvers } }, signer);
}

/** Spread evenly: nobody waits for the answer to somebody else's click. How many the bot did not take in Slack's time. */
async function clicked({ slack }: Desk, clicking: readonly Click<Card>[]): Promise<number> {
  const every = WITHIN_MS / clicking.length;
  const begun = performance.now();
  const acks = clicking.map(async ({ on: { id, channel, ts }, user }, index) => {
    await delay(begun + index * every - performance.now());
    // With its value, because whoever clicks now may see a card that was repainted meanwhile.
    return slack.drive.click({ user, channel, ts, actionId: 'operation.approve', value: id });
  });
  return (await Promise.all(acks)).filter((one) => one.failed !== undefined).length;
}

/** How long after the first click every card says that it is approved, milliseconds. */
function repainted(desk: Desk, cards: readonly Card[], begun: number): Promise<number> {
  return until(
    async () => {
      const shown = (await messages(desk)).filter(({ blocks }) =>
        JSON.stringify(blocks).includes('Approved'),
      );
      return shown.length >= cards.length && performance.now() - begun;
    },
    { what: 'all cards say that they are approved', timeoutMs: 10 * MINUTE, everyMs: 1000 },
  );
}

function answerRow(p99: number): Row {
  return {
    name: '1000 clicks on 200 cards within 5 s, clicked → answered, p99',
    ours: milliseconds(p99),
    theirs: '',
    ratio: '',
    limit: `≤ ${milliseconds(MOST_P99_MS)}`,
    met: p99 <= MOST_P99_MS,
  };
}

function decisionRow(wrong: number): Row {
  return {
    name: 'each decided once, each click answered once: what is wrong',
    ours: String(wrong),
    theirs: '',
    ratio: '',
    limit: '0',
    met: wrong === 0,
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
