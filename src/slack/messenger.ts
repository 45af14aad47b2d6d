import { webApi } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { TargetError } from '../domain/errors.js';
import type { Message, MessageFile } from './blocks/message.js';

/** Where a message goes, or already is. */
export interface Address {
  readonly channel: string;
  readonly thread?: string | undefined;
}

/**
 * What came of a call:
 * `later`: Slack asks to wait; `lost`: no answer was seen, so it may have been done; `refused`: a final no.
 */
export type Sent =
  | { readonly ok: true; readonly ts: string }
  | { readonly ok: false; readonly kind: 'later'; readonly afterMs: number }
  | { readonly ok: false; readonly kind: 'lost' }
  | { readonly ok: false; readonly kind: 'refused'; readonly error: string };

export interface Messenger {
  post(to: Address, message: Message): Promise<Sent>;
  update(at: { channel: string; ts: string }, message: Message): Promise<Sent>;
  upload(to: Address, file: MessageFile): Promise<Sent>;
  /** For one person's eyes; lost without harm when Slack is away. */
  whisper(to: Address, userId: string, message: Message): Promise<Sent>;
  /** Slack's way back to the asker, which works where the bot is no member. */
  respond(responseUrl: string, message: Message): Promise<Sent>;
  /**
   * Our own message with this marker, looked for among the newest; null: not there, or not allowed to look. Fails with a
   * TargetError where Slack does not answer: then it may stand there.
   */
  find(in_: Address, marker: string): Promise<string | null>;
}

const LOOK_BACK = 100;
const RESPOND_TIMEOUT_MS = 5000;

/** Slack's Web API, one call each, never repeated by itself: the outbox decides what is tried again. */
export function makeMessenger(client: webApi.WebClient): Messenger {
  return {
    post: ({ channel, thread }, message) =>
      sent(
        async () =>
          (await client.chat.postMessage({ channel, ...contentOf(message), ...inThread(thread), ...QUIET }))
            .ts,
      ),
    update: ({ channel, ts }, message) =>
      sent(async () => (await client.chat.update({ channel, ts, ...contentOf(message) })).ts),
    whisper: ({ channel, thread }, user, message) =>
      sent(
        async () =>
          (await client.chat.postEphemeral({ channel, user, ...contentOf(message), ...inThread(thread) }))
            .message_ts,
      ),
    upload: ({ channel, thread }, file) =>
      sent(async () => {
        const { name, title, content } = file;
        const to = { channel_id: channel, filename: name, title, content };
        await client.filesUploadV2(thread === undefined ? to : { ...to, thread_ts: thread });
        return 'uploaded';
      }),
    respond: (responseUrl, message) => sent(() => respond(responseUrl, message)),
    find: (place, marker) => find(client, place, marker),
  };
}

const QUIET = { unfurl_links: false, unfurl_media: false };

function contentOf({ text, blocks }: Message): { text: string; blocks: KnownBlock[] } {
  return { text, blocks: [...blocks] };
}

function inThread(thread: string | undefined): { thread_ts: string } | object {
  return thread === undefined ? {} : { thread_ts: thread };
}

async function sent(call: () => Promise<string | undefined>): Promise<Sent> {
  try {
    return { ok: true, ts: (await call()) ?? '' };
  } catch (error) {
    return verdictOn(error);
  }
}

/** Only Slack's own no is final. A 5xx, a timeout or a broken connection may hide a message that was posted. */
function verdictOn(error: unknown): Sent {
  if (error instanceof webApi.WebAPIRateLimitedError)
    return { ok: false, kind: 'later', afterMs: error.retryAfter * 1000 };
  if (error instanceof webApi.WebAPIPlatformError) return onPlatform(error.data.error);
  if (error instanceof webApi.WebAPIHTTPError || error instanceof webApi.WebAPIRequestError)
    return { ok: false, kind: 'lost' };
  throw error;
}

/** Errors by which Slack says that the trouble is its own, and passes. */
const PASSING = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
]);

function onPlatform(error: string): Sent {
  return PASSING.has(error) ? { ok: false, kind: 'lost' } : { ok: false, kind: 'refused', error };
}

async function respond(responseUrl: string, message: Message): Promise<string> {
  const body = { ...contentOf(message), response_type: 'ephemeral', replace_original: false };
  const answer = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(RESPOND_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new webApi.WebAPIRequestError(error instanceof Error ? error : new Error(String(error)));
  });
  if (answer.ok) return '';
  if (answer.status >= 500) throw new webApi.WebAPIHTTPError(answer.status, answer.statusText, {});
  throw new webApi.WebAPIPlatformError({
    ok: false,
    error: `response_url answered ${String(answer.status)}`,
  });
}

async function find(
  client: webApi.WebClient,
  { channel, thread }: Address,
  marker: string,
): Promise<string | null> {
  try {
    const page = { channel, limit: LOOK_BACK };
    const { messages = [] } =
      thread === undefined
        ? await client.conversations.history(page)
        : await client.conversations.replies({ ...page, ts: thread });
    const own = messages.find((message) => message.blocks?.some((block) => block.block_id === marker));
    return own?.ts ?? null;
  } catch (error) {
    // Without the history scopes the worst is one duplicate.
    if (error instanceof webApi.WebAPIPlatformError) return null;
    throw new TargetError('unavailable', 'slack', 'Slack does not answer', { retryable: true, cause: error });
  }
}
