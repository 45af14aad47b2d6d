import type { Rates } from './types.js';

/** Seconds to wait before the call may be made; 0 when it may be made now. */
export type TakeTurn = (method: string, channel: string) => number;

interface Bucket {
  left: number;
  at: number;
}

/** Calls per minute: Slack's tiers, for the methods that a bot like ours uses. */
const perMinute: Record<string, number> = {
  'usergroups.users.list': 20,
  'usergroups.list': 20,
  'users.list': 20,
  'conversations.list': 20,
  'chat.update': 50,
  'chat.delete': 50,
  'conversations.info': 50,
  'conversations.history': 50,
  'conversations.replies': 50,
  'conversations.open': 50,
  'chat.postEphemeral': 100,
  'conversations.members': 100,
  'users.info': 100,
  'views.open': 100,
  'views.push': 100,
  'views.update': 100,
  'views.publish': 100,
  'files.completeUploadExternal': 100,
  'files.getUploadURLExternal': 100,
};

export function makeRates(now: () => number, given: Partial<Rates> = {}): TakeTurn {
  const { postBurst, tierFactor } = { postBurst: 20, tierFactor: 1, ...given };
  const buckets = new Map<string, Bucket>();

  function take(key: string, most: number, perSecond: number): number {
    const bucket = buckets.get(key) ?? { left: most, at: now() };
    buckets.set(key, bucket);
    bucket.left = Math.min(most, bucket.left + ((now() - bucket.at) / 1_000) * perSecond);
    bucket.at = now();
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
    bucket.left -= 1;
    return 0;
  }

  return (method, channel) => {
    if (method === 'chat.postMessage') return take(`${method} ${channel}`, postBurst, 1);
    const tier = perMinute[method];
    return tier === undefined ? 0 : take(method, tier * tierFactor, (tier * tierFactor) / 60);
  };
}
