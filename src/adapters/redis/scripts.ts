/** Redis' own clock in milliseconds: time limits are compared in the same step as the swap. */
const NOW = `local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/**
 * KEYS: record, open set, outbox. ARGV: expected version, new version, JSON, not after (ms, '' for never), id, '1'
 * when the new state is terminal. The outbox row is written in the same step, so no change is ever left unshown.
 */
export const SWAP = `
${NOW}
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 'conflict' end
if ARGV[4] ~= '' and now > tonumber(ARGV[4]) then return 'late' end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'json', ARGV[3])
if ARGV[6] == '1' then redis.call('SREM', KEYS[2], ARGV[5]) end
redis.call('HSET', KEYS[3], 'operation ' .. ARGV[5], ARGV[2])
return 'ok'`;

/** KEYS: record, open set, all, outbox. ARGV: id, JSON, created (ms), oldest kept (ms). */
export const CREATE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 'exists' end
redis.call('HSET', KEYS[1], 'version', '1', 'json', ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[4], 'operation ' .. ARGV[1], '1')
return 'ok'`;

/**
 * KEYS: lock by name, lock by cluster id, fence counter, open set. ARGV: operation. Both locks or none. What an
 * operation that has ended still holds, because its process died before it let go, is free.
 */
export const LOCK = `
for i = 1, 2 do
  local holder = redis.call('GET', KEYS[i])
  if holder and holder ~= ARGV[1] and redis.call('SISMEMBER', KEYS[4], holder) == 1 then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[1])
return redis.call('INCR', KEYS[3])`;

/** KEYS: locks, open set. Who holds one of them; an operation that has ended holds nothing. */
export const HOLDER = `
for i = 1, 2 do
  local holder = redis.call('GET', KEYS[i])
  if holder and redis.call('SISMEMBER', KEYS[3], holder) == 1 then return holder end
end
return false`;

/** KEYS: locks. ARGV: operation. Only what this operation holds is let go. */
export const UNLOCK = `
for i = 1, 2 do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end
end
return 1`;

/** KEYS: outbox. ARGV: field, version. The row keeps the newest version. */
export const PUT = `
local row = redis.call('HGET', KEYS[1], ARGV[1])
if row and tonumber(row) >= tonumber(ARGV[2]) then return 0 end
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])`;

/** KEYS: outbox. ARGV: field, version. A newer version stays to be sent. */
export const SENT = `
local row = redis.call('HGET', KEYS[1], ARGV[1])
if row and tonumber(row) <= tonumber(ARGV[2]) then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0`;

/** KEYS: ledger row. ARGV: version, channel, ts. An older version never replaces a newer one. */
export const POSTED = `
local known = redis.call('HGET', KEYS[1], 'version')
if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'channel', ARGV[2], 'ts', ARGV[3])
return 1`;
