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
