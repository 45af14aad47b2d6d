import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';
import type { LocalEtcd } from '../../infra/local/etcd.js';
import { writeKeys, type KeyToWrite } from '../../infra/local/keys.js';
import type { Message } from '../../infra/local/slack/index.js';
import type { Bench } from './bench.js';
import { peakBytes } from './asked-once.js';
import { onStage, OPERATOR, type Stage } from './stage.js';
import { percentile, type Pair } from './statistics.js';
import { compared, milliseconds, type Row } from './table.js';

const CHANNEL = 'platform';
const KEYS = 1_000_000;
const QUOTA_BYTES = 4 * 1024 ** 3;
const PAIRS = 3;
const MOST_MEMORY = 200 * 1024 ** 2;
const MOST_P99_RATIO = 1.5;
const ALONE_MS = 40_000;
const WRITES_PER_SECOND = 150;
const COUNTED_MS = 300_000;

/**
 * `/etcd keys` over a million keys as fast as it goes, from the command until the result stands in the channel, beside
 * etcdctl and awk; then how long other clients' writes take while it counts at its own rate.
 */
export const keys: Bench = (say) =>
  onStage({ channels: [CHANNEL], quotaBytes: QUOTA_BYTES }, async (stage) => {
    say(`  writing ${String(KEYS)} keys …`);
    await writeKeys(String(stage.etcd.endpoints[0]), entries());
    const pairs: Pair[] = [];
    for (let turn = 0; turn < PAIRS; turn++) pairs.push(await pairOf(stage, turn));
    say(
      `  ours/theirs: ${pairs.map(({ ours, theirs }) => `${ours.toFixed(0)}/${theirs.toFixed(0)}`).join(' ')}`,
    );
    const peak = await peakBytes(stage.bot.pid);
    const writes = await writesBeside(stage);
    const name = 'keys, 1,000,000 of them, asked → counted / etcdctl get --keys-only | awk';
    return {
      rows: [compared({ name, pairs, mostRatio: 1 }), memoryRow(peak), writesRow(writes)],
      memoryBytes: await stage.memory(),
    };
  });

const FOLDERS: readonly (readonly [string, number])[] = [
  ['events', 0.5],
  ['pods', 0.65],
  ['leases', 0.67],
  ['secrets', 0.77],
  ['configmaps', 0.85],
  ['crd.projectcalico.org/ipamhandles', 0.95],
  ['services/specs', 1],
];

/** As Kubernetes has them: most are events, names are hashes, all namespaces are of a size. */
function* entries(): Generator<KeyToWrite> {
  for (let index = 0; index < KEYS; index++) {
    const [folder] = FOLDERS.find(([, until]) => index / KEYS < until) ?? ['pods'];
    const hash = ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
    const key = `/registry/${folder}/namespace-${String(index % 97)}/report-cronjob-${hash}-${String(index % 7)}`;
    yield { key, bytes: 100 + ((index * 7919) % 400) };
  }
}

async function pairOf(stage: Stage, turn: number): Promise<Pair> {
  const [early, late] = turn % 2 === 0 ? [askSteward, askEtcdctl] : [askEtcdctl, askSteward];
  const first = await early(stage);
  const second = await late(stage);
  return turn % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first };
}

async function askSteward(stage: Stage): Promise<number> {
  const begun = performance.now();
  const { text } = await counting(stage, 'keys --rate max', /keys, /);
  const took = performance.now() - begun;
  if (!/1\u202f000\u202f000 keys, /.test(text)) throw new Error(`counted something else: ${text}`);
  return took;
}

/** The message once its first line matches. */
async function counting({ slack }: Stage, text: string, says: RegExp): Promise<Message> {
  const before = new Set((await slack.drive.messages(CHANNEL)).map(({ ts }) => ts));
  const isIt = (message: Message): boolean => !before.has(message.ts) && says.test(message.text);
  const seen = slack.drive.waitForMessage(CHANNEL, isIt, { timeoutMs: COUNTED_MS });
  const [message] = await Promise.all([
    seen,
    slack.drive.command({ user: OPERATOR, channel: CHANNEL, text }),
  ]);
  return message;
}

/** What a person types who wants to know how many keys there are of each kind. */
const BY_HAND = `"$0" --endpoints="$1" --command-timeout=120s get --prefix / --keys-only |
  awk -F/ 'NF { count[$2 "/" $3]++ } END { for (folder in count) print count[folder], folder }'`;

function askEtcdctl({ etcd }: Stage): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const args = ['-c', BY_HAND, etcd.etcdctlPath, String(etcd.endpoints[0])];
    const shell = spawn('/bin/sh', args, {
      env: { ...process.env, ETCDCTL_API: '3' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    shell.on('error', reject);
    shell.on('exit', (code) => {
      if (code === 0) resolve(performance.now() - begun);
      else reject(new Error(`etcdctl and awk ended with ${String(code)}`));
    });
  });
}

interface Writes {
  readonly alone: readonly number[];
  readonly beside: readonly number[];
}

/** Before, all through a whole look, and after: its few long walks count as often as they come. */
async function writesBeside(stage: Stage): Promise<Writes> {
  const before = await writesOf(stage.etcd, delay(ALONE_MS));
  const beside = await writesOf(stage.etcd, counting(stage, 'keys', /keys, /));
  const after = await writesOf(stage.etcd, delay(ALONE_MS));
  return { alone: [...before, ...after], beside };
}

/** Single writes at a steady pace, to every member in turn, until then; milliseconds each. */
async function writesOf(etcd: LocalEtcd, until: Promise<unknown>): Promise<readonly number[]> {
  const client = new Etcd3({ hosts: etcd.endpoints, faultHandling: { global: noop, host: () => noop } });
  const over = new AbortController();
  void until.finally(() => {
    over.abort();
  });
  const writes: Promise<number>[] = [];
  try {
    const begun = performance.now();
    for (let index = 0; !over.signal.aborted; index++) {
      writes.push(oneWrite(client, index));
      await delay(begun + ((index + 1) * 1000) / WRITES_PER_SECOND - performance.now());
    }
    await until;
    return await Promise.all(writes);
  } finally {
    client.close();
  }
}

async function oneWrite(client: Etcd3, index: number): Promise<number> {
  const at = performance.now();
  await client.put(`/other/${String(index % 100)}`).value('x'.repeat(500));
  return performance.now() - at;
}

function memoryRow(peak: number): Row {
  const mebibytes = (count: number): string => `${(count / 1024 ** 2).toFixed(0)} MiB`;
  return {
    ...{ name: 'keys, the most memory that the bot ever had', ours: mebibytes(peak), theirs: '', ratio: '' },
    ...{ limit: `≤ ${mebibytes(MOST_MEMORY)}`, met: peak <= MOST_MEMORY },
  };
}

function writesRow({ alone, beside }: Writes): Row {
  const [ours, theirs] = [percentile(beside, 0.99), percentile(alone, 0.99)];
  return {
    name: 'keys at its own rate, other clients’ writes meanwhile / without it, p99',
    ...{ ours: milliseconds(ours), theirs: milliseconds(theirs), ratio: (ours / theirs).toFixed(2) },
    ...{ limit: `≤ ${MOST_P99_RATIO.toFixed(2)}`, met: ours / theirs <= MOST_P99_RATIO },
  };
}
