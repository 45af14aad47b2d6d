import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../infra/local/until.js';
import type { Bench } from './bench.js';
import { onStage, type Stage } from './stage.js';
import { percentile } from './statistics.js';
import { milliseconds, type Row } from './table.js';

const AT_ONCE = 20;
const WARM_UPS = 2;
const ROUNDS = 10;
/** Once the answers are seen, what was sent is still written down. */
const REST_MS = 500;
const MOST_P99_MS = 50;
/** With four answers a round, no channel comes to the end of Slack's pace before the round is over. */
const CHANNELS = ['one', 'two', 'three', 'four', 'five'];
const PEOPLE = Array.from({ length: AT_ONCE }, (_, index) => `person-${String(index)}`);

/** How fast Slack hears that a command was taken, which it is once its job is in Redis; twenty people at once. */
export const ack: Bench = (say) =>
  onStage({ channels: CHANNELS, people: PEOPLE }, async (stage) => {
    const taken: number[] = [];
    for (let round = -WARM_UPS; round < ROUNDS; round++) {
      const acks = await askedAtOnce(stage);
      if (round >= 0) taken.push(...acks);
    }
    const at = (share: number): string => milliseconds(percentile(taken, share));
    say(`  p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, worst ${at(1)}`);
    return { rows: [row(taken)], memoryBytes: await stage.memory() };
  });

function row(taken: readonly number[]): Row {
  const p99 = percentile(taken, 0.99);
  return {
    name: `ack of ${String(AT_ONCE)} commands at once, p99`,
    ours: milliseconds(p99),
    theirs: '',
    ratio: '',
    limit: `≤ ${milliseconds(MOST_P99_MS)}`,
    met: p99 <= MOST_P99_MS,
  };
}

/** The next round begins when everybody of this one has an answer. */
async function askedAtOnce(stage: Stage): Promise<readonly number[]> {
  const before = await answers(stage);
  const acks = await Promise.all(
    PEOPLE.map((user, index) =>
      stage.slack.drive.command({ user, channel: CHANNELS[index % CHANNELS.length] ?? '', text: 'status' }),
    ),
  );
  const failed = acks.find((one) => one.failed !== undefined);
  if (failed?.failed !== undefined) throw new Error(`a command was not taken: ${failed.failed}`);
  const what = `all ${String(AT_ONCE)} are answered`;
  await until(async () => (await answers(stage)) >= before + AT_ONCE, { what, timeoutMs: 30_000 });
  await delay(REST_MS);
  return acks.map(({ ackMs }) => ackMs);
}

async function answers({ slack }: Stage): Promise<number> {
  const messages = await Promise.all(CHANNELS.map((channel) => slack.drive.messages(channel)));
  return messages.flat().length;
}
