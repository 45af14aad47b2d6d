import { TargetError } from '../../domain/errors.js';
import type { Incident } from '../../domain/alerting/incident.js';
import type {
  AlertStore,
  Clock,
  Ledger,
  Log,
  OutboxEntry,
  Page,
  Pager,
  PostedMessage,
  Unsent,
} from '../../domain/ports.js';
import { sayRefused, type SayRefusedDeps } from './page-refused.js';

/*
 * What a pager knows of an incident: nothing ─critical and told→ triggered ─acknowledged→ acknowledged ─ended→ resolved,
 * and from there as from nothing. What falls below critical stays there until it ends; what a mute or a maintenance
 * window keeps quiet is not triggered, and what was never triggered is not resolved.
 */

export interface PageDeps extends SayRefusedDeps {
  readonly pagers: readonly Pager[];
  readonly alerts: Pick<AlertStore, 'incident'>;
  readonly ledger: Ledger;
  readonly unsent: Pick<Unsent, 'sent'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Longer than the two requests that a round has at most: a sender that died is followed by another after this. */
const CLAIM_MS = 20_000;
const BUSY_MS = 500;
const RETRY_MS = 10_000;

type Act = Page['act'];

/** Brings every pager up to the incident's newest state. Answers how long to wait for the next try; null: done. */
export async function deliverPage(deps: PageDeps, entry: OutboxEntry): Promise<number | null> {
  const outcomes = await Promise.all(deps.pagers.map((pager) => tell(deps, pager, entry)));
  const waits = outcomes.flatMap(({ waitMs }) => waitMs ?? []);
  if (waits.length > 0) return Math.max(...waits);
  const seen = Math.min(...outcomes.map(({ version }) => version));
  const version = Number.isFinite(seen) ? Math.max(entry.version, seen) : entry.version;
  await deps.unsent.sent({ ...entry, version });
  return null;
}

interface Outcome {
  readonly waitMs: number | null;
  /** Of the incident that the pager was brought up to. */
  readonly version: number;
}

/** One at a time, and by the state that is newest then: a pager must not hear of the end before the beginning. */
async function tell(deps: PageDeps, pager: Pager, { id, version }: OutboxEntry): Promise<Outcome> {
  const marker = `page:${pager.name}:${id}`;
  if (!(await deps.ledger.claim(marker, CLAIM_MS))) return { waitMs: BUSY_MS, version };
  try {
    const incident = await deps.alerts.incident(id);
    if (!incident) return { waitMs: null, version };
    const waitMs = await bringUpToDate(deps, { pager, incident, marker });
    return { waitMs, version: incident.version };
  } finally {
    await deps.ledger.unclaim(marker);
  }
}

interface Telling {
  readonly pager: Pager;
  readonly incident: Incident;
  readonly marker: string;
}

async function bringUpToDate(deps: PageDeps, { pager, incident, marker }: Telling): Promise<number | null> {
  let sent = sentFrom(await deps.ledger.find(marker));
  const now = deps.clock.now();
  const due = actsDue(incident, sent.act, now).map((act) => ({ act, leaves: act }));
  const again = due.length === 0 && wantsRepeat(pager, { incident, sent, now });
  for (const { act, leaves } of again ? [{ act: 'trigger' as const, leaves: sent.act }] : due) {
    const failure = await attempt(deps, pager, pageOf(incident, act, now));
    if (failure?.retryable === true) return RETRY_MS;
    if (failure) {
      await sayRefused(deps, { pager, incident, now }, failure);
      return null;
    }
    // An answer that is lost before this is written makes the same act come again, which its key makes harmless.
    sent = { act: leaves, at: now, count: sent.count + 1 };
    await deps.ledger.keep(marker, postedFrom(sent));
  }
  return null;
}

async function attempt(deps: PageDeps, pager: Pager, page: Page): Promise<TargetError | null> {
  const about = { pager: pager.name, incident: page.key, act: page.act };
  try {
    await pager.send(page);
    deps.log.info(about, 'a pager was told');
    return null;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    if (error.retryable)
      deps.log.warn({ ...about, err: error }, 'a pager could not be told; it is tried again');
    else deps.log.error({ ...about, err: error }, 'a pager refused a page, so nobody was woken by it');
    return error;
  }
}

/** What has to be sent, in this order, given what was sent last. */
export function actsDue(incident: Incident, last: Act | null, now: number): readonly Act[] {
  const knows = last === 'trigger' || last === 'acknowledge';
  if (incident.state === 'resolved') return knows ? ['resolve'] : [];
  const acknowledged = incident.acknowledged !== undefined;
  if (!knows) {
    if (!wakes(incident, now)) return [];
    return acknowledged ? ['trigger', 'acknowledge'] : ['trigger'];
  }
  if (acknowledged) return last === 'trigger' ? ['acknowledge'] : [];
  // It wants another look. What is acknowledged rings no more, so it has to end there before it can ring anew.
  return last === 'acknowledge' && wakes(incident, now) ? ['resolve', 'trigger'] : [];
}

function wakes({ severity, mute, quiet, untold }: Incident, now: number): boolean {
  const muted = mute !== undefined && mute.until > now;
  return severity === 'critical' && !muted && quiet === undefined && untold !== true;
}

interface State {
  readonly incident: Incident;
  readonly sent: Sent;
  readonly now: number;
}

function wantsRepeat({ repeatEveryMs }: Pager, { incident, sent, now }: State): boolean {
  if (repeatEveryMs === undefined || incident.state === 'resolved') return false;
  return (sent.act === 'trigger' || sent.act === 'acknowledge') && now - sent.at >= repeatEveryMs;
}

interface Sent {
  readonly act: Act | null;
  readonly at: number;
  /** Grows with everything that is sent: the ledger keeps the highest. */
  readonly count: number;
}

/** In the ledger the act stands in place of the channel, its time in place of the message's. */
function sentFrom(posted: PostedMessage | null): Sent {
  const act = (['trigger', 'acknowledge', 'resolve'] as const).find((one) => one === posted?.channel);
  return { act: act ?? null, at: Number(posted?.ts ?? 0), count: posted?.version ?? 0 };
}

function postedFrom({ act, at, count }: Sent): PostedMessage {
  return { version: count, channel: act ?? '', ts: String(at) };
}

/** Only what is critical is paged, and it stays so for the pager, whatever becomes of it: some tell alerts apart by it. */
function pageOf(incident: Incident, act: Act, now: number): Page {
  const { id, cluster, environment, cause, signals, resolved, since } = incident;
  const worst = signals[0];
  const place = cluster === '*' ? 'All clusters' : cluster;
  const said = act === 'resolve' ? (resolved?.because ?? 'it is not critical any more') : worst?.summary;
  return {
    key: id,
    act,
    cluster,
    environment,
    rule: worst?.rule ?? cause,
    cause,
    severity: 'critical',
    summary: `${place}: ${worst?.title ?? cause}: ${said ?? 'see Slack'}`,
    details: detailsOf(incident),
    since,
    at: now,
  };
}

function detailsOf({ signals }: Incident): readonly string[] {
  return signals
    .filter(({ cleared }) => cleared === undefined)
    .flatMap(({ title, summary, evidence, advice }) => [`${title}: ${summary}`, ...evidence, advice]);
}
