-- send_once: store messages that may be here already: those with an idempotency key, and those sent again by their id.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now         ms, 0 for the server's clock
--      2 version     of the attributes, as the caller knows them; '' for any
--      3 ids         20 characters each, joined
--      4 id_marks    of the ids, 14 characters each, joined; '' when all messages have a key
--      5 given_keys  22 characters each, joined; blank where a message has none
--      6 digests     of the payloads, 12 characters each, joined
--      7 delays      ms for each, separated by spaces, '-' for the queue's own; '' when that holds for all
--      8 repeated    '1' when messages with a key may be here by their ids too
--      9 stay        '1' where the partition is a former home of these keys and ids: what is new is not stored here
--     10 ...         id and payload (kind, key and body) of each message
-- returns {'ok', now, outcomes, {id, result, ...}}, or {code, ...} when refused. An outcome is a letter for each message, and
--   for each that is not new the list has two entries: 'n' new, 's' this very message is here or was, 'p' its key is
--   pending (id), 'r' its key is done and recorded (id, result), 'm' only the mark is left, 'x' other payload (id),
--   'v' moved: new, and to be stored elsewhere (by `stay`, or because the partition is drained)
local now, version, ids, id_marks, given_keys, digests, delays, repeated, stay = unpack(ARGV, 1, 9)
local given = { unpack(ARGV, 10) }

local time = floor(clock(now) / 1000)
local held, refusal = open(time, version, {
  'delay', 'drained', 'recent', 'recentCount', 'recentBefore', 'processed', 'processedCount', 'processedBefore',
}, true)
if not held then return refusal end

local names, named, prints = split(ids, 20), split(given_keys, 22), split(digests, 12)
local usual = tonumber(held.delay)
local each = delays ~= '' and delays_of(delays, usual)
local seen = known(held, names, split(id_marks, MARK), named, repeated, K.ready)
local stays = stay == '1' or held.drained
local list, waits, claimed, outcomes, firsts = {}, {}, {}, {}, {}
local aged = false
for i, id in ipairs(names) do
  local outcome, first = judge(seen, time, i, id, prints[i])
  if outcome == 'n' and stays then outcome, first, seen.new[id], seen.new[seen.key_of[i] or id] = 'v', '', nil, nil end
  outcomes[i] = outcome
  if outcome == 'n' then
    list[#list + 1], list[#list + 2] = id, given[2 * i]
    if each then waits[#waits + 1] = each[i] end
    local key = seen.key_of[i]
    -- By its id a message may be sent long after that was made.
    aged = aged or (repeated == '1' or not key) and sent_at(id) < time - 1000
    if key then claimed[#claimed + 1], claimed[#claimed + 2] = key, seen.new[key] end
  else
    firsts[#firsts + 1] = first
    firsts[#firsts + 1] = outcome == 'r' and call('HGET', K.results, first) or ''
  end
end
if #list > 0 then
  store(time, list, each and waits or usual, aged)
  if #claimed > 0 then call('HSET', K.keys, unpack(claimed)) end
end
return { 'ok', format('%.0f', time), table.concat(outcomes), firsts }
