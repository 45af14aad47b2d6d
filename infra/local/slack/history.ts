import { objects, text, type JsonObject } from './json.js';

/** Slack's paging, which local-slack has not: oldest, latest, limit, cursor; no ephemeral message is in it. */
export interface Page {
  messages: JsonObject[];
  has_more: boolean;
  response_metadata: { next_cursor: string };
}

const defaultLimit = { history: 100, replies: 1000 };
const mostLimit = 999;

export function pageOf(messages: unknown, args: JsonObject, kind: 'history' | 'replies'): Page {
  const visible = objects(messages).filter((one) => one['subtype'] !== 'ephemeral');
  const inTime = visible.filter((one) =>
    kind === 'replies' && isRoot(one, args) ? true : within(one, args),
  );
  const start = Math.max(0, startOf(inTime, text(args['cursor'])));
  const limit = Math.min(mostLimit, Number(args['limit'] ?? 0) || defaultLimit[kind]);
  const next = inTime[start + limit];
  return {
    messages: inTime.slice(start, start + limit),
    has_more: next !== undefined,
    response_metadata: { next_cursor: next === undefined ? '' : cursorOf(text(next['ts'])) },
  };
}

function isRoot(message: JsonObject, args: JsonObject): boolean {
  return message['ts'] === args['ts'];
}

function within(message: JsonObject, args: JsonObject): boolean {
  const at = micros(message['ts']);
  const inclusive = args['inclusive'] === true || args['inclusive'] === 'true' || args['inclusive'] === '1';
  const oldest = args['oldest'] === undefined ? 0 : micros(args['oldest']);
  const latest = args['latest'] === undefined ? Infinity : micros(args['latest']);
  return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
}

function startOf(messages: JsonObject[], cursor: string): number {
  if (cursor === '') return 0;
  const ts = Buffer.from(cursor, 'base64').toString().replace('next_ts:', '');
  return messages.findIndex((one) => one['ts'] === ts);
}

function cursorOf(ts: string): string {
  return Buffer.from(`next_ts:${ts}`).toString('base64');
}

/** A message's time in microseconds. */
export function micros(ts: unknown): number {
  const [seconds = '0', fraction = ''] = String(ts).split('.');
  return Number(seconds) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
