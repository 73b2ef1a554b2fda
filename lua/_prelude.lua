-- In front of every script: the partition's keys by name, in the order of lib/redis/keys.ts, as far as it needs them, and the clock. One table of
-- names, for each call makes the functions anew, and what they share costs them less in one place than in fifteen. The build
-- leaves out the names that a script does not use.

local keys = KEYS -- a global is looked up each time
local K = {
  ready = keys[1], inflight = keys[2], messages = keys[3], receives = keys[4], keys = keys[5],
  results = keys[6], expiries = keys[7], processed_a = keys[8], processed_b = keys[9],
  recent_a = keys[10], recent_b = keys[11], dead = keys[12], letters = keys[13], waiters = keys[14], meta = keys[15],
  outbox = keys[16], grouped = keys[17], order = keys[18], groups = keys[19], noisy = keys[20], tenants = keys[21],
  sent_a = keys[22], sent_b = keys[23], inbound = keys[24],
}
local call, sub, format, floor = redis.call, string.sub, string.format, math.floor

-- The layout of the keys that these scripts read and write. A partition written by a newer one is refused.
local SCHEMA = 2

-- The time in microseconds: the server's, or in tests the given milliseconds.
local function clock(given)
  if given ~= '0' then return given * 1000.0 end
  local time = call('TIME')
  return time[1] * 1e6 + time[2]
end
