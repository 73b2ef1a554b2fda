-- extend: set the visibility of messages in flight anew, counted from now.
--
-- KEYS   the partition's keys (see _prelude.lua); uses inflight, receives, meta
-- ARGV 1 now           ms, 0 for the server's clock
--      2 ids           20 characters each, joined
--      3 deliveries    the delivery numbers of their receipts, separated by spaces
--      4 received      when each was received, ms, separated by spaces
--      5 visibilities  ms each, separated by spaces
-- returns {'ok', outcomes}, or {code, ...} when refused: a letter for each message: 'e' extended, 'l' lost
local now, ids, deliveries, received, visibilities = unpack(ARGV)

local now_us = clock(now)
local held, refusal = open(floor(now_us / 1000), {})
if not held then return refusal end

local names, given, since, each = split(ids, 20), numbers(deliveries), numbers(received), numbers(visibilities)
local texts, deadlines = call('HMGET', K.receives, unpack(names)), call('ZMSCORE', K.inflight, unpack(names))
local outcomes, hidden, still, noted = {}, {}, {}, {}
for i, id in ipairs(names) do
  if deadlines[i] and entry(texts[i], 0) == given[i] then
    outcomes[i] = 'e'
    still[#still + 1] = id
    -- The half keeps this deadline apart from those of batches, which are whole numbers.
    hidden[#hidden + 1], hidden[#hidden + 2] = format('%.1f', floor(now_us) + each[i] * 1000 + 0.5), id
    if not texts[i] then noted[#noted + 1], noted[#noted + 2] = id, entry_text(1, 1, since[i]) end
  else
    outcomes[i] = 'l'
  end
end
if #still > 0 then
  call('ZREM', K.inflight, unpack(still))
  call('ZADD', K.inflight, unpack(hidden))
  if #noted > 0 then call('HSET', K.receives, unpack(noted)) end
  for i = 1, #hidden, 2 do foretell(now_us, tonumber(hidden[i])) end
end
return { 'ok', table.concat(outcomes) }
