-- In front of every script: the partition's keys by name, in the order of lib/redis/keys.ts, and the clock. One table of
-- names, for each call makes the functions anew, and what they share costs them less in one place than in fifteen.

local K = {
  ready = KEYS[1], inflight = KEYS[2], messages = KEYS[3], receives = KEYS[4], keys = KEYS[5],
  results = KEYS[6], expiries = KEYS[7], processed_a = KEYS[8], processed_b = KEYS[9],
  recent_a = KEYS[10], recent_b = KEYS[11], dead = KEYS[12], letters = KEYS[13], waiters = KEYS[14], meta = KEYS[15],
}
local call, sub, format, floor = redis.call, string.sub, string.format, math.floor

-- The layout of the keys that these scripts read and write. A partition written by a newer one is refused.
local SCHEMA = 1

-- The time in microseconds: the server's, or in tests the given milliseconds.
local function clock(given)
  if given ~= '0' then return given * 1000.0 end
  local time = call('TIME')
  return time[1] * 1e6 + time[2]
end
