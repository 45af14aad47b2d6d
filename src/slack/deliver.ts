import { TargetError } from '../domain/errors.js';
import type { Log, OutboxEntry, PostedMessage, Unsent } from '../domain/ports.js';
import { filesOf, type Message } from './blocks/message.js';
import { context } from './blocks/parts.js';
import { refusalMessage } from './blocks/refusal.js';
import type { Address, Messenger, Sent } from './messenger.js';
import { makePace, type Pace } from './pace.js';
import type { Wanted } from './present.js';
import { wantedFor, type WantedDeps } from './wanted.js';

export interface DeliverDeps extends WantedDeps {
  readonly messenger: Messenger;
  readonly unsent: Unsent;
  /** Tells the pagers of an incident. Answers how long to wait for the next try, or null once they know. */
  page(entry: OutboxEntry): Promise<number | null>;
  readonly log: Log;
}

/** Longer than the slowest round of calls: a sender that died is followed by another after this. */
const CLAIM_MS = 20_000;
const BUSY_MS = 150;
const LOST_MS = 1000;
const EDIT_EVERY_MS = 2000;
const TRYING_MS = 7 * 86_400_000;

/** Shows the newest state of one thing. Answers how long to wait for the next try, or null once it is shown. */
export type Deliver = (entry: OutboxEntry) => Promise<number | null>;

export function makeDeliver(deps: DeliverDeps): Deliver {
  const pace = makePace(deps.clock);
  return async (entry) => {
    if (entry.kind === 'page') return deps.page(entry);
    const wanted = await wantedFor(deps, entry);
    const [first] = wanted;
    if (!first) return done(deps, entry);
    if (!(await deps.ledger.claim(first.marker, CLAIM_MS))) return BUSY_MS;
    try {
      const waitMs = await bringUpToDate(deps, pace, wanted);
      return waitMs ?? (await done(deps, { ...entry, version: Math.max(entry.version, first.version) }));
    } finally {
      await deps.ledger.unclaim(first.marker);
    }
  };
}

async function done(deps: DeliverDeps, entry: OutboxEntry): Promise<null> {
  await deps.unsent.sent(entry);
  return null;
}

/**
 * In order: a reply needs its root. The longest wait that any of them asks for wins; a card may wait by itself. Where Slack
 * refused the root, its replies are left until there is something new to show.
 */
async function bringUpToDate(
  deps: DeliverDeps,
  pace: Pace,
  wanted: readonly Wanted[],
): Promise<number | null> {
  let patience: number | null = null;
  const refusedRoots = new Set<string>();
  for (const one of wanted) {
    if (one.to.root !== undefined && refusedRoots.has(one.to.root)) continue;
    const waitMs = await show(deps, pace, one);
    if (waitMs === 'refused') {
      refusedRoots.add(one.marker);
      continue;
    }
    if (waitMs !== null && !one.patient) return waitMs;
    patience ??= waitMs;
  }
  return patience;
}

async function show(deps: DeliverDeps, pace: Pace, wanted: Wanted): Promise<number | 'refused' | null> {
  const posted = await deps.ledger.find(wanted.marker);
  if (posted && posted.version >= wanted.version) return null;
  const to = await addressOf(deps, wanted);
  if (!to) return BUSY_MS;
  const waitMs = posted
    ? pace.edit(wanted.marker, wanted.patient ? EDIT_EVERY_MS : 0)
    : pace.post(to.channel, wanted.marker, wanted.yields);
  if (waitMs > 0) return waitMs;
  const known = posted ?? (await lookedFor(deps, to, wanted));
  if (known === 'unseen') return LOST_MS;
  const isAway = wanted.otherwise !== undefined && posted?.channel === wanted.otherwise;
  const shown = isAway ? { ...wanted, message: strayed(wanted) } : wanted;
  const sent = known ? await update(deps, known, shown) : await post(deps, to, wanted);
  if (known && isGone(sent))
    return settled(deps, { pace, wanted, to, known: null }, await post(deps, to, wanted));
  const outcome = await settled(deps, { pace, wanted, to, known }, sent);
  return outcome === 'refused' && wanted.otherwise !== undefined ? elsewhere(deps, pace, wanted) : outcome;
}

/** Somebody deleted it in Slack: what it has to say stands anew, and what follows goes under that. */
function isGone(sent: Sent): boolean {
  return !sent.ok && sent.kind === 'refused' && sent.error === 'message_not_found';
}

/** Its own channel is gone, or does not have the bot in it: better in the wrong place than unseen. */
function elsewhere(deps: DeliverDeps, pace: Pace, wanted: Wanted): Promise<number | 'refused' | null> {
  const { otherwise, ...rest } = wanted;
  if (otherwise === undefined) return Promise.resolve('refused');
  return show(deps, pace, { ...rest, to: { channel: otherwise }, message: strayed(wanted) });
}

function strayed({ message, to }: Wanted): Message {
  const note = `It belongs in <#${to.channel}>, where Slack does not let me post. Invite me there: \`/invite\` and pick me.`;
  return { ...message, blocks: [...message.blocks, context(note)] };
}

async function addressOf(deps: DeliverDeps, { to }: Wanted): Promise<Address | null> {
  if (to.root === undefined) return to;
  const root = await deps.ledger.find(to.root);
  return root ? { channel: root.channel, thread: root.ts } : null;
}

/** An earlier try began and its end was not seen: our message may stand there already. */
async function lookedFor(
  deps: DeliverDeps,
  to: Address,
  { marker }: Wanted,
): Promise<PostedMessage | null | 'unseen'> {
  if (await deps.ledger.claim(`${marker}:trying`, TRYING_MS)) return null;
  try {
    const ts = await deps.messenger.find(to, marker);
    return ts === null ? null : { channel: to.channel, ts, version: 0 };
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return 'unseen';
  }
}

async function update(deps: DeliverDeps, known: PostedMessage, wanted: Wanted): Promise<Sent> {
  const { message, marker, filesLater = false } = wanted;
  const sent = await deps.messenger.update(known, message);
  if (!sent.ok || !filesLater || filesOf(message).length === 0) return sent;
  if (await deps.ledger.claim(`${marker}:files`, TRYING_MS))
    await upload(deps, { channel: known.channel, thread: wanted.to.thread ?? known.ts }, message);
  return sent;
}

async function post(deps: DeliverDeps, to: Address, { message }: Wanted): Promise<Sent> {
  const sent = await deps.messenger.post(to, message);
  if (sent.ok) await upload(deps, { channel: to.channel, thread: to.thread ?? sent.ts }, message);
  return sent;
}

async function upload(deps: DeliverDeps, to: Address, message: Message): Promise<void> {
  for (const file of filesOf(message)) {
    const uploaded = await deps.messenger.upload(to, file);
    if (!uploaded.ok) deps.log.warn({ file: file.name, ...uploaded }, 'a file could not be uploaded');
  }
}

interface Showing {
  readonly pace: Pace;
  readonly wanted: Wanted;
  readonly to: Address;
  readonly known: PostedMessage | null;
}

async function settled(deps: DeliverDeps, showing: Showing, sent: Sent): Promise<number | 'refused' | null> {
  const { pace, wanted, to, known } = showing;
  const { marker, version } = wanted;
  if (sent.ok) {
    await deps.ledger.keep(marker, {
      channel: known?.channel ?? to.channel,
      ts: known?.ts ?? sent.ts,
      version,
    });
    return null;
  }
  if (sent.kind === 'later') {
    if (known) return pace.editRefused(marker, sent.afterMs);
    await deps.ledger.unclaim(`${marker}:trying`);
    return sent.afterMs;
  }
  if (sent.kind === 'lost') return LOST_MS;
  await refused(deps, showing, sent.error);
  return known ? null : 'refused';
}

/** Slack's final no: the asker is told by the way that needs no membership; nothing is tried again for ever. */
async function refused(deps: DeliverDeps, { wanted, to }: Showing, error: string): Promise<void> {
  deps.log.warn({ marker: wanted.marker, channel: to.channel, error }, 'Slack refused a message');
  const { responseUrl } = wanted.asker;
  if (responseUrl === undefined) return;
  const away = ['not_in_channel', 'channel_not_found', 'is_archived'].includes(error);
  const reason = away
    ? `I can't post in <#${to.channel}> (${error}).`
    : `Slack refused my message: ${error}.`;
  const told = await deps.messenger.respond(
    responseUrl,
    refusalMessage(reason, ['Invite me there: type `/invite` and pick me, then ask again.']),
  );
  if (away && told.ok) await deps.messenger.respond(responseUrl, wanted.message);
}
