/*
 * How a member's past is kept: three lists of sizes, each coarser and longer than the one before, and one of activity.
 * A row of sizes is a packed string: 6 bytes each for the moment (ms) and the sizes (bytes), so that a row costs its
 * bytes and two more. What is not known is all ones.
 *
 * At most so many rows are kept: 600 × 20 + 600 × 26 + 504 × 26 bytes and 16 KiB of activity leave room below 64 KiB.
 */

export const SLOT_MS = 5 * 60_000;
export const HOUR_MS = 3_600_000;

/** Two and a half hours of samples that are 15 s apart; two days; three weeks. */
const MOST_RAW = 600;
const MOST_SLOTS = 600;
const MOST_HOURS = 504;
/** While memory is short. */
const MOST_SLOTS_THIN = 288;
const MOST_ACTIVITY_BYTES = 16_384;
/** Longer than all of it, so that a cluster that is gone is forgotten, and one that comes back is not. */
const KEPT_MS = 22 * 24 * HOUR_MS;

/** A clock further ahead than this was wrong. */
const AHEAD_MS = 60_000;

/**
 * KEYS: index, coarse flag, then for each member raw, slots, hours, activity. ARGV: at (ms), then for each member id,
 * size, in use or '', quota or '', activity or ''. The index has `at quota bytes` by member: the last moment and
 * the bytes of its activity. Rows are trimmed by whole spans of the next coarser list, so that where a finer list begins
 * it has all of its span.
 */
export const ADD = `
local NONE = 281474976710655
local at = tonumber(ARGV[1])
local coarse = redis.call('EXISTS', KEYS[2]) == 1
local t = redis.call('TIME')
local ahead = t[1] * 1000 + math.floor(t[2] / 1000) + ${String(AHEAD_MS)}

local function trim(key, most, span)
  if redis.call('LLEN', key) <= most then return end
  local first = struct.unpack('>I6', redis.call('LINDEX', key, 0))
  local stop = math.floor(first / span)
  repeat
    redis.call('LPOP', key)
    local row = redis.call('LINDEX', key, 0)
  until not row or math.floor(struct.unpack('>I6', row) / span) ~= stop
end

local function merge(key, span, size, used)
  local begin = math.floor(at / span) * span
  local least = used
  local last = redis.call('LINDEX', key, -1)
  if last then
    local from, top, most, low = struct.unpack('>I6I6I6I6', last)
    if from == begin then
      if top > size then size = top end
      if most ~= NONE and (used == NONE or most > used) then used = most end
      if low ~= NONE and (least == NONE or low < least) then least = low end
      redis.call('LSET', key, -1, struct.pack('>I6I6I6I6', begin, size, used, least))
      return false
    end
  end
  redis.call('RPUSH', key, struct.pack('>I6I6I6I6', begin, size, used, least))
  return true
end

local function forget_future(base)
  for i = base, base + 2 do
    local row = redis.call('LINDEX', KEYS[i], -1)
    while row and struct.unpack('>I6', row) > at do
      redis.call('RPOP', KEYS[i])
      row = redis.call('LINDEX', KEYS[i], -1)
    end
  end
  redis.call('DEL', KEYS[base + 3])
end

local function remember(key, activity, bytes)
  redis.call('RPUSH', key, activity)
  bytes = bytes + #activity
  while bytes > ${String(MOST_ACTIVITY_BYTES)} do bytes = bytes - #redis.call('LPOP', key) end
  return bytes
end

local base, arg, fresh = 3, 2, false
while KEYS[base] do
  local id, size, activity = ARGV[arg], tonumber(ARGV[arg + 1]), ARGV[arg + 4]
  local used = tonumber(ARGV[arg + 2]) or NONE
  local known = redis.call('HGET', KEYS[1], id)
  local last, _, bytes = string.match(known or '-1 - 0', '^(%S+) (%S+) (%S+)$')
  last, bytes = tonumber(last), tonumber(bytes)
  if last > ahead and at < last then
    forget_future(base)
    last, bytes = at - 1, 0
  end
  if at > last then
    local raw = 2
    if not coarse then
      raw = redis.call('RPUSH', KEYS[base], struct.pack('>I6I6I6', at, size, used))
      trim(KEYS[base], ${String(MOST_RAW)}, ${String(SLOT_MS)})
    end
    merge(KEYS[base + 1], ${String(SLOT_MS)}, size, used)
    trim(KEYS[base + 1], coarse and ${String(MOST_SLOTS_THIN)} or ${String(MOST_SLOTS)}, ${String(HOUR_MS)})
    local hour = merge(KEYS[base + 2], ${String(HOUR_MS)}, size, used)
    if redis.call('LLEN', KEYS[base + 2]) > ${String(MOST_HOURS)} then redis.call('LPOP', KEYS[base + 2]) end
    local first = bytes == 0 and activity ~= ''
    if activity ~= '' then bytes = remember(KEYS[base + 3], activity, bytes) end
    local quota = ARGV[arg + 3]
    redis.call('HSET', KEYS[1], id, string.format('%.0f %s %.0f', at, quota == '' and '-' or quota, bytes))
    if hour or first or raw == 1 then
      fresh = fresh or hour
      for i = base, base + 3 do redis.call('PEXPIRE', KEYS[i], ${String(KEPT_MS)}) end
    end
  end
  base, arg = base + 4, arg + 5
end
if fresh then
  redis.call('PEXPIRE', KEYS[1], ${String(KEPT_MS)})
  local rows = redis.call('HGETALL', KEYS[1])
  for i = 1, #rows, 2 do
    if tonumber(string.match(rows[i + 1], '^%S+')) < at - ${String(KEPT_MS)} then redis.call('HDEL', KEYS[1], rows[i]) end
  end
end
return 1`;

/** KEYS: raw and slots of each member of a cluster. Answers how many rows went. */
export const THIN = `
local gone = 0
for i = 1, #KEYS, 2 do
  gone = gone + redis.call('LLEN', KEYS[i])
  redis.call('DEL', KEYS[i])
  local slots = redis.call('LLEN', KEYS[i + 1])
  if slots > ${String(MOST_SLOTS_THIN)} then
    gone = gone + slots - ${String(MOST_SLOTS_THIN)}
    redis.call('LTRIM', KEYS[i + 1], -${String(MOST_SLOTS_THIN)}, -1)
  end
end
return gone`;
