-- redrive: put dead letters back into the queue, with their deliveries kept, and their attempts and age counted
-- anew.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, messages, receives, keys, dead, letters, waiters, meta
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 ids    20 characters each, joined; '' for the oldest
--      4 limit  count, when no ids are given
--      5 skip   how many of the oldest to pass over (duplicates that an earlier call left)
--      6 apart  '1' when letters with a key or a group are left as they are, and answered: they may belong elsewhere
--      7 stay   '1' at a former home: only what belongs here still goes back
--      8 above  sequence numbers are to be above this one
-- returns {'ok', redriven, duplicates, {id, letter, ...}, moved, last}, or {code, ...} when refused: a duplicate stays dead, for its key
--   is pending or done by another message; so do those that moved, for their home is elsewhere now. last: the last number given here
local now, version, ids, limit, skip, apart, stay, above = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open_groups(time, version, { pair_fields('processed') })
if not held then return refusal end

local names = ids ~= '' and split(ids, 20) or call('ZRANGE', K.dead, skip, skip + limit - 1)
local redriven, duplicates, moved, homed = 0, 0, 0, {}
local last = math.max(tonumber(held.sequence) or 0, tonumber(above) or 0)
local processed = generations('processed', K.processed_a, K.processed_b, held)
for _, id in ipairs(names) do
  local letter = call('HGET', K.letters, id)
  if letter then
    local deliveries, first, size, print, from = string.match(letter, '^(%d+) %d+ (%d+) (%d+) (%S+) ()')
    local record = sub(letter, from + size)
    local key = string.match(record, '^%u(......................)')
    local mark_of_key, group = key and sub(key, 1, MARK), group_of(record)
    if apart == '1' and (key or group ~= '') then
      homed[#homed + 1], homed[#homed + 2] = id, letter
    elseif key and (call('HEXISTS', K.keys, key) == 1 or marked(processed, { mark_of_key })[mark_of_key]) then
      duplicates = duplicates + 1
    elseif stay == '1' and not (held.fifo and line_of(group, 1)[1]) then
      moved = moved + 1
    else
      call('ZREM', K.dead, id)
      call('HDEL', K.letters, id)
      forget_departure({ id })
      if group == '' then
        call('ZADD', K.ready, time, id)
      else
        stand(time, held, { id }, { group }, { time }, last)
        last = last + 1
      end
      call('HSET', K.messages, id, record)
      call('HSET', K.receives, id, entry_text(deliveries, 0, first, '', time))
      if key then call('HSET', K.keys, key, 'p' .. id .. (print == '-' and '' or print)) end
      redriven = redriven + 1
    end
  end
end
if redriven > 0 then wake(time) end
return { 'ok', redriven, duplicates, homed, moved, format('%.0f', last) }
