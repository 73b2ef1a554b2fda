-- In front of every script: the partition's keys by name, in the order of lib/redis/keys.ts, and the clock.

local ready, inflight, messages, receives, keys, results, expiries,
  processed_a, processed_b, recent_a, recent_b, dead, letters, waiters, meta = unpack(KEYS)
local call, sub, format, floor = redis.call, string.sub, string.format, math.floor

-- The layout of the keys that these scripts read and write. A partition written by a newer one is refused.
local SCHEMA = 1

-- The time in microseconds: the server's, or in tests the given milliseconds.
local function clock(given)
  if given ~= '0' then return given * 1000.0 end
  local time = call('TIME')
  return time[1] * 1e6 + time[2]
end
