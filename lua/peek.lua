-- peek: look at messages without receiving them, in the order in which they fall due.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 state  'ready' or 'grouped' (ready, with a group), 'inFlight' or 'dead'
--      4 score  where to go on: the score of the last message seen; '-inf' to begin
--      5 skip   how many messages with that score were seen
--      6 limit  count
-- returns {'ok', {id, score, history, record, ...}, now}, or {code, ...} when refused. history: 'deliveries attempts first
--   error' or ''; the record of a dead letter begins with its numbers and reason (see _bury.lua)
local now, version, state, score, skip, limit = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(0, version, {})
if not held then return refusal end

local zsets = { ready = K.ready, grouped = K.grouped, inFlight = K.inflight, dead = K.dead }
local found, list = call('ZRANGEBYSCORE', zsets[state], score, '+inf', 'WITHSCORES', 'LIMIT', skip, limit), {}
for i = 1, #found, 2 do
  local id = found[i]
  local record = call('HGET', state == 'dead' and K.letters or K.messages, id)
  local n = #list
  list[n + 1], list[n + 2] = id, found[i + 1]
  list[n + 3], list[n + 4] = call('HGET', K.receives, id) or '', record or ''
end
return { 'ok', list, format('%.0f', time) }
