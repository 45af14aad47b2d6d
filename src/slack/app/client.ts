import { webApi } from '@slack/bolt';

export interface SlackAccess {
  readonly botToken: string;
  readonly appToken: string;
  /** Another base than Slack's own. */
  readonly apiUrl: string | undefined;
}

export const CALL_TIMEOUT_MS = 5000;
/** Behind this call a person waits for an answer within a second. */
const LOOKUP_TIMEOUT_MS = 700;
/** The Web API's client: it never repeats or queues by itself. */
export function makeClient(access: SlackAccess, timeout = CALL_TIMEOUT_MS): webApi.WebClient {
  return new webApi.WebClient(access.botToken, optionsOf(access, timeout));
}

export function makeLookupClient(access: SlackAccess): webApi.WebClient {
  return makeClient(access, LOOKUP_TIMEOUT_MS);
}

export function optionsOf({ apiUrl }: SlackAccess, timeout: number): webApi.WebClientOptions {
  const base = { timeout, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
  return apiUrl === undefined ? base : { ...base, slackApiUrl: apiUrl };
}

/** So often at most Slack is asked for a new socket while it is away. */
const SOCKET_RETRY = { forever: true, minTimeout: 500, factor: 1.5, maxTimeout: 10_000 };

/**
 * For the client that opens sockets: one failure would end it, as a rejection that nobody can catch and that takes the whole
 * process along. So it asks until Slack is back; what Slack itself refuses, such as a revoked token, is still final.
 */
export function socketOptionsOf(access: SlackAccess): webApi.WebClientOptions {
  return { ...optionsOf(access, CALL_TIMEOUT_MS), retryConfig: SOCKET_RETRY };
}
