import type { AuditHead, AuditTrail, Clock, Log, Notice, NoticeStore, Outbox } from '../domain/ports.js';

export interface PostHeadsDeps {
  readonly trail: AuditTrail;
  readonly notices: NoticeStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  /** Null: there is no place that everybody sees. */
  readonly alertsChannel: string | null;
}

const LATELY_MS = 2 * 86_400_000;

/**
 * Shows where the chains of the audit trail stand, once a day, in a place that nobody who can change the files can change:
 * whoever cuts off or rewrites what was before is found out by it.
 */
export async function postHeads(deps: PostHeadsDeps): Promise<void> {
  const { alertsChannel: channel, clock, notices, outbox } = deps;
  if (channel === null) return;
  const now = clock.now();
  const id = `heads-${new Date(now).toISOString().slice(0, 10)}`;
  if (!(await notices.load(id))) {
    const heads = (await deps.trail.heads()).filter(({ at }) => at > now - LATELY_MS);
    if (heads.length === 0) {
      deps.log.warn({}, 'no audit chain is known to Redis, so none was posted');
      return;
    }
    await notices.save(noticeOf(heads, { id, channel, now }));
  }
  await outbox.put({ kind: 'notice', id, version: 1 });
}

interface Posting {
  readonly id: string;
  readonly channel: string;
  readonly now: number;
}

function noticeOf(heads: readonly AuditHead[], { id, channel, now }: Posting): Notice {
  const newest = heads.toSorted((a, b) => b.at - a.at);
  const proof = 'To prove that nothing up to here was changed: `etcd-steward audit verify --head` and these.';
  const title = `Audit trail, ${new Date(now).toISOString().slice(0, 10)}: where its chains stand`;
  return { id, version: 1, channel, title, lines: [...newest.map(lineOf), proof] };
}

/** As `audit verify --head` takes it. */
function lineOf({ chain, seq, mac, at }: AuditHead): string {
  const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `\`${chain.slice(0, 8)}:${String(seq)}:${mac.slice(0, 16)}\` last entry ${time} UTC`;
}
