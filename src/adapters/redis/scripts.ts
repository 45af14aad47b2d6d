/** Redis' own clock in milliseconds: time limits are compared in the same step as the swap. */
const NOW = `local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/**
 * Lua that adds an outbox row: `outbox_row(outbox key, field, version)`, the field being `kind id`; the row keeps the
 * newest version. For every script that changes what is shown. Beside the rows stands since when each of them waits.
 */
export const OUTBOX_ROW = `
local function outbox_row(outbox, field, version)
  local t = redis.call('TIME')
  redis.call('ZADD', outbox .. ':since', 'NX', t[1] * 1000 + math.floor(t[2] / 1000), field)
  local row = redis.call('HGET', outbox, field)
  if row and tonumber(row) >= tonumber(version) then return 0 end
  return redis.call('HSET', outbox, field, version)
end`;

/** Operations that have ended are kept for a quarter of a year. */
const KEPT_S = 90 * 86_400;

/**
 * KEYS: record, open set, outbox, lock by name, lock by cluster id. ARGV: expected version, new version, JSON, not after
 * (ms, '' for never), id, '1' when nothing has to be looked after any more, '1' when the new state is terminal.
 * In the same step the outbox row is written, so that no change is left unshown, and an operation that has ended lets
 * its cluster go, so that no crash leaves a lock behind.
 */
export const SWAP = `
${NOW}${OUTBOX_ROW}
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 'conflict' end
if ARGV[4] ~= '' and now > tonumber(ARGV[4]) then return 'late' end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'json', ARGV[3])
if ARGV[6] == '1' then
  redis.call('SREM', KEYS[2], ARGV[5])
  redis.call('EXPIRE', KEYS[1], ${String(KEPT_S)})
end
outbox_row(KEYS[3], 'operation ' .. ARGV[5], ARGV[2])
if ARGV[7] == '1' then
  redis.call('HSET', KEYS[1], 'ended', '1')
  for i = 4, 5 do
    if redis.call('GET', KEYS[i]) == ARGV[5] then redis.call('DEL', KEYS[i]) end
  end
end
return 'ok'`;

/** KEYS: record, open set, all, outbox. ARGV: id, JSON, created (ms). */
export const CREATE = `${OUTBOX_ROW}
if redis.call('EXISTS', KEYS[1]) == 1 then return 'exists' end
redis.call('HSET', KEYS[1], 'version', '1', 'json', ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[3] - ${String(KEPT_S * 1000)})
outbox_row(KEYS[4], 'operation ' .. ARGV[1], '1')
return 'ok'`;

/**
 * KEYS: lock by name, lock by cluster id, the last fence, the operation's record. ARGV: operation. Both locks or none;
 * and none for an operation that has ended meanwhile, because nobody would let it go again.
 * A fence is a moment of Redis' clock in microseconds, and always above the last one: a counter alone would give the same
 * number twice where a replica was promoted that had missed the first time, and two processes would take a record for theirs.
 */
export const LOCK = `
if redis.call('EXISTS', KEYS[4]) == 0 or redis.call('HEXISTS', KEYS[4], 'ended') == 1 then return 0 end
for i = 1, 2 do
  local holder = redis.call('GET', KEYS[i])
  if holder and holder ~= ARGV[1] then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[1])
local t = redis.call('TIME')
local fence = math.max(t[1] * 1000000 + t[2], tonumber(redis.call('GET', KEYS[3]) or '0') + 1)
redis.call('SET', KEYS[3], string.format('%.0f', fence))
return fence`;

/** KEYS: counter. ARGV: milliseconds after which it begins anew. */
export const TAKE = `
local used = redis.call('INCR', KEYS[1])
if used == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return used`;

/** KEYS: outbox. ARGV: field, version. */
export const PUT = `${OUTBOX_ROW}
return outbox_row(KEYS[1], ARGV[1], ARGV[2])`;

/** KEYS: outbox. ARGV: field, version. A newer version stays to be sent, and waits since now. */
export const SENT = `
${NOW}
local row = redis.call('HGET', KEYS[1], ARGV[1])
if row and tonumber(row) > tonumber(ARGV[2]) then
  return redis.call('ZADD', KEYS[1] .. ':since', 'XX', now, ARGV[1])
end
redis.call('ZREM', KEYS[1] .. ':since', ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[1])`;

/** KEYS: ledger row. ARGV: version, channel, ts, kept for (s). An older version never replaces a newer one. */
export const POSTED = `
local known = redis.call('HGET', KEYS[1], 'version')
if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'channel', ARGV[2], 'ts', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1`;
