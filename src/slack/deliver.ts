import { TargetError } from '../domain/errors.js';
import type {
  AnswerStore,
  Clock,
  Ledger,
  Log,
  NoticeStore,
  OperationStore,
  OutboxEntry,
  PostedMessage,
  Unsent,
} from '../domain/ports.js';
import type { Catalogue } from '../engine/catalogue.js';
import { refusalMessage } from './blocks/refusal.js';
import type { Command } from './command.js';
import type { Address, Messenger, Sent } from './messenger.js';
import { presentAnswer, presentNotice, presentOperation, type Drawing, type Wanted } from './present.js';
import { makePace, type Pace } from './pace.js';

export interface DeliverDeps {
  readonly messenger: Messenger;
  readonly ledger: Ledger;
  readonly unsent: Unsent;
  readonly answers: AnswerStore;
  readonly operations: OperationStore;
  readonly notices: NoticeStore;
  readonly commands: Catalogue<Command>;
  readonly clock: Clock;
  /** Where an emergency approval is announced; null: nowhere is configured. */
  readonly alertsChannel: string | null;
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
    const wanted = await present(deps, entry);
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

function drawingNow({ clock, alertsChannel }: DeliverDeps): Drawing {
  return { now: clock.now(), alertsChannel };
}

async function present(deps: DeliverDeps, { kind, id }: OutboxEntry): Promise<readonly Wanted[]> {
  if (kind === 'operation') {
    const operation = await deps.operations.load(id);
    return operation ? presentOperation(operation, drawingNow(deps)) : [];
  }
  if (kind === 'notice') {
    const notice = await deps.notices.load(id);
    return notice ? presentNotice(notice) : [];
  }
  const answer = await deps.answers.load(id);
  return answer ? presentAnswer(deps.commands, answer) : [];
}

/** In order: a reply needs its root. The longest wait that any of them asks for wins; a card may wait by itself. */
async function bringUpToDate(
  deps: DeliverDeps,
  pace: Pace,
  wanted: readonly Wanted[],
): Promise<number | null> {
  let patience: number | null = null;
  for (const one of wanted) {
    const waitMs = await show(deps, pace, one);
    if (waitMs !== null && !one.patient) return waitMs;
    patience ??= waitMs;
  }
  return patience;
}

async function show(deps: DeliverDeps, pace: Pace, wanted: Wanted): Promise<number | null> {
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
  const sent = known ? await deps.messenger.update(known, wanted.message) : await post(deps, to, wanted);
  return settled(deps, { pace, wanted, to, known }, sent);
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

async function post(deps: DeliverDeps, to: Address, { message }: Wanted): Promise<Sent> {
  const sent = await deps.messenger.post(to, message);
  if (!sent.ok || !message.file) return sent;
  const uploaded = await deps.messenger.upload(
    { channel: to.channel, thread: to.thread ?? sent.ts },
    message.file,
  );
  if (!uploaded.ok) deps.log.warn({ file: message.file.name, ...uploaded }, 'a file could not be uploaded');
  return sent;
}

interface Showing {
  readonly pace: Pace;
  readonly wanted: Wanted;
  readonly to: Address;
  readonly known: PostedMessage | null;
}

async function settled(deps: DeliverDeps, showing: Showing, sent: Sent): Promise<number | null> {
  const { pace, wanted, to, known } = showing;
  const { marker, version } = wanted;
  if (sent.ok) {
    await deps.ledger.keep(marker, { channel: to.channel, ts: known?.ts ?? sent.ts, version });
    return null;
  }
  if (sent.kind === 'later') {
    if (known) return pace.editRefused(marker, sent.afterMs);
    await deps.ledger.unclaim(`${marker}:trying`);
    return sent.afterMs;
  }
  if (sent.kind === 'lost') return LOST_MS;
  await refused(deps, showing, sent.error);
  return null;
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
