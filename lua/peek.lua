-- peek: look at messages without receiving them, in the order in which they fall due.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now    ms, 0 for the server's clock
--      2 state  'ready', 'inFlight' or 'dead'
--      3 score  where to go on: the score of the last message seen; '-inf' to begin
--      4 skip   how many messages with that score were seen
--      5 limit  count
-- returns {'ok', {id, score, history, record, ...}, now}, or {code, ...} when refused. history: 'deliveries attempts first
--   error' or ''; the record of a dead letter begins with its numbers and reason (see _bury.lua)
local now, state, score, skip, limit = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(0, {})
if not held then return refusal end

local places = { ready = K.ready, inFlight = K.inflight, dead = K.dead }
local found, list = call('ZRANGEBYSCORE', places[state], score, '+inf', 'WITHSCORES', 'LIMIT', skip, limit), {}
for i = 1, #found, 2 do
  local id = found[i]
  local record = call('HGET', state == 'dead' and K.letters or K.messages, id)
  local n = #list
  list[n + 1], list[n + 2] = id, found[i + 1]
  list[n + 3], list[n + 4] = call('HGET', K.receives, id) or '', record or ''
end
return { 'ok', list, format('%.0f', time) }
