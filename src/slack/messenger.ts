import { webApi } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { TargetError } from '../domain/errors.js';
import type { Painter } from '../domain/ports.js';
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
  /** Takes back a message of ours that stands there twice. */
  remove(at: { channel: string; ts: string }): Promise<Sent>;
  upload(to: Address, file: MessageFile): Promise<Sent>;
  /** For one person's eyes; lost without harm when Slack is away. */
  whisper(to: Address, userId: string, message: Message): Promise<Sent>;
  /** Slack's way back to the asker, which works where the bot is no member. */
  respond(responseUrl: string, message: Message): Promise<Sent>;
  /**
   * Our own message with this marker, looked for among the newest; null: not there, or not allowed to look. Where it stands
   * more than once, the oldest stays and the others are removed. Fails with a TargetError where Slack does not answer: then
   * it may stand there.
   */
  find(in_: Address, marker: string): Promise<string | null>;
}

const LOOK_BACK = 100;
const RESPOND_TIMEOUT_MS = 5000;

/** Slack's Web API, one call each, never repeated by itself: the outbox decides what is tried again. */
export function makeMessenger(client: webApi.WebClient, painter: Painter): Messenger {
  return {
    post: ({ channel, thread }, message) =>
      sent(
        async () =>
          (await client.chat.postMessage({ channel, ...contentOf(message), ...inThread(thread), ...QUIET }))
            .ts,
      ),
    update: ({ channel, ts }, message) =>
      sent(async () => (await client.chat.update({ channel, ts, ...contentOf(message) })).ts),
    remove: (at) => remove(client, at),
    whisper: ({ channel, thread }, user, message) =>
      sent(
        async () =>
          (await client.chat.postEphemeral({ channel, user, ...contentOf(message), ...inThread(thread) }))
            .message_ts,
      ),
    upload: async ({ channel, thread }, file) => {
      const content = await contentOfFile(painter, file);
      if ('error' in content) return { ok: false, kind: 'refused', error: content.error };
      return sent(async () => {
        const { name, title } = file;
        const to = { channel_id: channel, filename: name, title, ...content };
        await client.filesUploadV2(thread === undefined ? to : { ...to, thread_ts: thread });
        return 'uploaded';
      });
    },
    respond: (responseUrl, message) => sent(() => respond(responseUrl, message)),
    find: (place, marker) => find(client, place, marker),
  };
}

type FileContent =
  | { readonly content: string }
  | { readonly file: Buffer; readonly alt_text: string }
  | { readonly error: string };

/** A picture that can't be drawn is not tried again: the message has said it all in words. */
async function contentOfFile(
  painter: Painter,
  { content, title, picture = false }: MessageFile,
): Promise<FileContent> {
  if (!picture) return { content };
  try {
    return { file: Buffer.from(await painter.png(content)), alt_text: title };
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return { error: error.message };
  }
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

function remove(client: webApi.WebClient, { channel, ts }: { channel: string; ts: string }): Promise<Sent> {
  return sent(async () => (await client.chat.delete({ channel, ts })).ts);
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
    const own = messages.filter((message) => message.blocks?.some((block) => block.block_id === marker));
    const [first, ...extra] = own.flatMap(({ ts }) => ts ?? []).toSorted((a, b) => Number(a) - Number(b));
    // What Slack does not let go is harmless: a click on it removes it later.
    for (const ts of extra) await remove(client, { channel, ts });
    return first ?? null;
  } catch (error) {
    // Without the history scopes the worst is one duplicate.
    if (error instanceof webApi.WebAPIPlatformError) return null;
    throw new TargetError('unavailable', 'slack', 'Slack does not answer', { retryable: true, cause: error });
  }
}
