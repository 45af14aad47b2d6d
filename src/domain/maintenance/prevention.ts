import { autoCompactionFlags, compactionSigns, whyUncompacted } from '../compaction.js';
import { bytes, grouped, percent } from '../units.js';
import { liveBytes, liveKeysOf } from './estimate.js';
import type { Ground } from './ground.js';
import { installationAdvice } from './prevention-kubernetes.js';

/** Below this nobody has to wonder about whoever compacts here. */
const MUCH_HISTORY = 10_000;
const CHURN_REVISIONS = 100_000;
/** Revisions for each live key above which keys are written, or come and go, again and again. */
const CHURN_PER_KEY = 10;
const LARGE_LIVE_SHARE = 0.6;
/** What etcd advises as the most. */
const MOST_QUOTA_BYTES = 8 * 1024 ** 3;

/** How to keep it from running full again, as far as the facts tell; advice, never applied. */
export function preventionOf(ground: Ground): readonly string[] {
  return [
    ...compactionAdvice(ground),
    ...churnAdvice(ground),
    ...quotaAdvice(ground),
    ...installationAdvice(ground.snapshot),
  ];
}

function compactionAdvice({ snapshot, voters, full }: Ground): readonly string[] {
  const signs = compactionSigns(snapshot, voters);
  const keys = liveKeysOf(snapshot, voters[0]);
  // A cluster that has run full is no place to count: whatever outweighs the living keys has filled it.
  const fills = full && keys !== null && (signs?.history ?? 0) >= CHURN_PER_KEY * keys;
  const why = signs && (fills || signs.history >= MUCH_HISTORY) ? whyUncompacted(signs) : null;
  if (why === null) return [];
  return [
    `Start every member with ${autoCompactionFlags(snapshot)} (${why}): kube-apiserver's and Calico's own compaction ` +
      'stops under NOSPACE, that of etcd goes on.',
  ];
}

function churnAdvice({ snapshot, voters }: Ground): readonly string[] {
  const history = compactionSigns(snapshot, voters)?.history ?? 0;
  const keys = liveKeysOf(snapshot, voters[0]);
  if (keys === null || history < CHURN_REVISIONS || history < CHURN_PER_KEY * keys) return [];
  return [
    `Look for short CronJobs and controllers that write without need: ${grouped(history)} revisions for ` +
      `${grouped(keys)} live keys.`,
  ];
}

function quotaAdvice({ snapshot, voters }: Ground): readonly string[] {
  const tight = voters
    .flatMap((member) => {
      const live = liveBytes(snapshot, member);
      return live === null ? [] : [{ live, share: live / member.quota.bytes, quota: member.quota.bytes }];
    })
    .sort((a, b) => b.share - a.share)[0];
  if (!tight || tight.share <= LARGE_LIVE_SHARE) return [];
  const fills = `live data is about ${bytes(tight.live)}, ${percent(tight.share)} of the quota`;
  if (tight.quota >= MOST_QUOTA_BYTES)
    return [`Delete what is not needed: ${fills}, which is as large as it should be.`];
  return [
    `Raise \`--quota-backend-bytes\` on every member (8 GiB at most), or delete what is not needed: ${fills}.`,
  ];
}
