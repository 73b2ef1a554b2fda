-- redrive: put dead letters back into the queue, with their deliveries kept and their attempts counted anew.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, messages, receives, keys, dead, letters, waiters, meta
-- ARGV 1 now    ms, 0 for the server's clock
--      2 ids    20 characters each, joined; '' for the oldest
--      3 limit  count, when no ids are given
--      4 skip   how many of the oldest to pass over (duplicates that an earlier call left)
-- returns {'ok', redriven, duplicates}, or {code, ...} when refused: a duplicate stays dead, for its key is pending or
--   done by another message
local now, ids, limit, skip = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(time, { pair_fields('processed') })
if not held then return refusal end

local names = ids ~= '' and split(ids, 20) or call('ZRANGE', K.dead, skip, skip + limit - 1)
local redriven, duplicates = 0, 0
local processed = generations('processed', K.processed_a, K.processed_b, held)
for _, id in ipairs(names) do
  local letter = call('HGET', K.letters, id)
  if letter then
    local deliveries, first, size, print, from = string.match(letter, '^(%d+) %d+ (%d+) (%d+) (%S+) ()')
    local record = sub(letter, from + size)
    local key = string.match(record, '^%u(......................)')
    local mark_of_key = key and sub(key, 1, MARK)
    if key and (call('HEXISTS', K.keys, key) == 1 or marked(processed, { mark_of_key })[mark_of_key]) then
      duplicates = duplicates + 1
    else
      call('ZREM', K.dead, id)
      call('HDEL', K.letters, id)
      call('ZADD', K.ready, time, id)
      call('HSET', K.messages, id, record)
      call('HSET', K.receives, id, entry_text(deliveries, 0, first))
      if key then call('HSET', K.keys, key, 'p' .. id .. (print == '-' and '' or print)) end
      redriven = redriven + 1
    end
  end
end
if redriven > 0 then wake(time) end
return { 'ok', redriven, duplicates }
