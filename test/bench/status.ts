import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../../infra/local/slack/index.js';
import type { Bench } from './bench.js';
import { onStage, OPERATOR, type Stage } from './stage.js';
import type { Pair } from './statistics.js';
import { compared } from './table.js';

const CHANNEL = 'platform';
const WARM_UPS = 2;
const PAIRS = 15;
/** The bot has nothing left to do from the run before, and Slack's pace of one message a second is no matter. */
const APART_MS = 1500;

/** A person's `/etcd status`, until the whole answer stands in the channel, beside `etcdctl endpoint status`. */
export const status: Bench = (say) =>
  onStage({ channels: [CHANNEL] }, async (stage) => {
    await stage.etcd.etcdctl('put', 'some', 'thing');
    const pairs: Pair[] = [];
    for (let turn = -WARM_UPS; turn < PAIRS; turn++) {
      const pair = await pairOf(stage, turn);
      if (turn >= 0) pairs.push(pair);
    }
    say(
      `  ours/theirs: ${pairs.map(({ ours, theirs }) => `${ours.toFixed(0)}/${theirs.toFixed(0)}`).join(' ')}`,
    );
    const name = 'status, asked → answer whole / etcdctl endpoint status --cluster';
    return { rows: [compared({ name, pairs, mostRatio: 1 })], memoryBytes: await stage.memory() };
  });

/** In turns, so that neither always finds the machine as the other has left it. */
async function pairOf(stage: Stage, turn: number): Promise<Pair> {
  await delay(APART_MS);
  const [early, late] = turn % 2 === 0 ? [askSteward, askEtcdctl] : [askEtcdctl, askSteward];
  const first = await early(stage);
  await delay(APART_MS);
  const second = await late(stage);
  return turn % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first };
}

async function askEtcdctl({ etcd }: Stage): Promise<number> {
  const begun = performance.now();
  await etcd.etcdctl('endpoint', 'status', '--cluster');
  return performance.now() - begun;
}

async function askSteward({ slack, etcd }: Stage): Promise<number> {
  const before = new Set((await slack.drive.messages(CHANNEL)).map(({ ts }) => ts));
  const isAnswer = (message: Message): boolean => !before.has(message.ts) && isWhole(message, etcd.members);
  const begun = performance.now();
  const seen = slack.drive.waitForMessage(CHANNEL, isAnswer).then(() => performance.now() - begun);
  const [tookMs] = await Promise.all([
    seen,
    slack.drive.command({ user: OPERATOR, channel: CHANNEL, text: 'status' }),
  ]);
  return tookMs;
}

/** Every member's line is there, and what comes last: the buttons. */
function isWhole({ blocks }: Message, members: readonly { name: string }[]): boolean {
  const shown = JSON.stringify(blocks ?? []);
  return [...members.map(({ name }) => name), 'cluster.status'].every((part) => shown.includes(part));
}
