-- extend: set the visibility of messages in flight anew, counted from now.
--
-- KEYS   the partition's keys (see _prelude.lua); uses inflight, receives, meta
-- ARGV 1 now           ms, 0 for the server's clock
--      2 version       of the attributes, as the caller knows them; '' for any
--      3 ids           20 characters each, joined
--      4 deliveries    the delivery numbers of their receipts, separated by spaces
--      5 received      when each was received, ms, separated by spaces
--      6 visibilities  ms each, separated by spaces
--      7 standing      where they stand (see _standing_of.lua); '' when none carries a group
--      8 late          '1': also those whose deadline has passed while nobody has received them again (a late heartbeat)
-- returns {'ok', outcomes}, or {code, ...} when refused: a letter for each message: 'e' extended, 'l' lost to another delivery,
--   'n' not in flight any more, 't' longer than a message may be hidden in all
local now, version, ids, deliveries, received, visibilities, standing, late = unpack(ARGV)

-- As SQS has it: 12 hours from the receive on.
local LONGEST = 43200000

local now_us = clock(now)
local time = floor(now_us / 1000)
local held, refusal = open(time, version, { 'fifo', 'noisyInFlight', 'noisyShare' })
if not held then return refusal end

local names, given, since, each = split(ids, 20), numbers(deliveries), numbers(received), numbers(visibilities)
local texts, deadlines = call('HMGET', K.receives, unpack(names)), call('ZMSCORE', K.inflight, unpack(names))
local outcomes, hidden, still, noted = {}, {}, {}, {}
for i, id in ipairs(names) do
  if (texts[i] or deadlines[i]) and entry(texts[i], 0) ~= given[i] then
    outcomes[i] = 'l'
  elseif not deadlines[i] or late ~= '1' and tonumber(deadlines[i]) <= now_us then
    outcomes[i] = 'n'
  elseif time + each[i] - since[i] > LONGEST then
    outcomes[i] = 't'
  else
    outcomes[i] = 'e'
    still[#still + 1] = id
    -- The half keeps this deadline apart from those of batches, which are whole numbers.
    hidden[#hidden + 1], hidden[#hidden + 2] = format('%.1f', floor(now_us) + each[i] * 1000 + 0.5), id
    if not texts[i] then noted[#noted + 1], noted[#noted + 2] = id, entry_text(1, 1, since[i]) end
  end
end
if #still > 0 then
  call('ZREM', K.inflight, unpack(still))
  call('ZADD', K.inflight, unpack(hidden))
  if #noted > 0 then call('HSET', K.receives, unpack(noted)) end
  for i = 1, #hidden, 2 do foretell(now_us, tonumber(hidden[i])) end
  if held.fifo then
    for i, group in pairs((standing_of(standing, names))) do
      if outcomes[i] == 'e' then rank(time, held, group) end
    end
  end
end
return { 'ok', table.concat(outcomes) }
