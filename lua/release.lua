-- release: give messages in flight back: visible again at once or after a delay, or to the dead letters.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, inflight, messages, receives, keys, dead, letters, meta
-- ARGV 1 now         ms, 0 for the server's clock
--      2 version     of the attributes, as the caller knows them; '' for any
--      3 ids         20 characters each, joined
--      4 deliveries  the delivery numbers of their receipts, separated by spaces
--      5 received    when each was received, ms, separated by spaces
--      6 hows        a letter for each: 'u' uncounted (the attempt is given back), 'c' counted, 'f' failed (counted;
--                    a dead letter when it was received often enough), 'r' rejected (a dead letter at once)
--      7 delays      ms each, separated by spaces
--      8 sizes       bytes of each reason, separated by spaces
--      9 reasons     joined; the error of the handler
--     10 standing    where they stand (see _standing_of.lua); '' when none carries a group
-- returns {'ok', outcomes, outbox}, or {code, ...} when refused: a letter for each message: 'b' back in the queue, 'd' dead, 'l' lost,
--   'x' expired (FIFO); and 1 when some of them are in the outbox now
local now, version, ids, deliveries, received, hows, delays, sizes, reasons, standing = unpack(ARGV)

local now_us = clock(now)
local time = floor(now_us / 1000)
local held, refusal = open(time, version, { 'maxReceives', 'awaited', 'fifo', 'fair', 'noisyInFlight', 'noisyShare' })
if not held then return refusal end

local names, given, since, each = split(ids, 20), numbers(deliveries), numbers(received), numbers(delays)
local limit, length, from = tonumber(held.maxReceives), numbers(sizes), 1
local texts, deadlines = call('HMGET', K.receives, unpack(names)), call('ZMSCORE', K.inflight, unpack(names))
-- The same release came before and its reply was lost.
local function released_before(id, text, delivery)
  if text and entry(text, 0) == delivery and (call('ZSCORE', K.ready, id) or call('ZSCORE', K.grouped, id)) then return 'b' end
  local letter = call('HGET', K.letters, id)
  if letter and tonumber(string.match(letter, '^%d+')) == delivery then return 'd' end
  if tonumber(string.match(call('HGET', K.results, '!' .. id) or '', '^d(%d+)')) == delivery then return 'd' end
end

local outcomes, back, times, noted, lost_for_good, dying, seen = {}, {}, {}, {}, {}, {}, {}
for i, id in ipairs(names) do
  local reason, how = sub(reasons, from, from + length[i] - 1), sub(hows, i, i)
  from = from + length[i]
  local current, attempts, first, err, enqueued = entry(texts[i], since[i])
  if not deadlines[i] or current ~= given[i] or seen[id] then
    outcomes[i] = not seen[id] and released_before(id, texts[i], given[i]) or 'l'
  elseif held.fifo and tonumber(deadlines[i]) <= now_us then
    outcomes[i] = 'x'
  elseif how == 'r' or (how == 'f' and attempts >= limit) then
    outcomes[i], dying[i] = 'd', true
    local n = #lost_for_good
    lost_for_good[n + 1], lost_for_good[n + 2] = id, (how == 'r' and 'rejected ' or 'maxReceives ') .. reason
    lost_for_good[n + 3], lost_for_good[n + 4], lost_for_good[n + 5] = current, attempts, first
  else
    outcomes[i] = 'b'
    back[#back + 1], times[i] = id, time + each[i]
    if how == 'u' then attempts = attempts - 1 end
    noted[#noted + 1], noted[#noted + 2] = id, entry_text(current, attempts, first, how == 'f' and reason or err, enqueued)
  end
  seen[id] = true
end
if #lost_for_good > 0 then bury(time, lost_for_good, held) end
if #back > 0 then
  call('ZREM', K.inflight, unpack(back))
  call('HSET', K.receives, unpack(noted))
end
give_back(time, held, names, times, dying, standing)
return { 'ok', table.concat(outcomes), held.outboxAt and 1 or nil }
