-- send_once: store messages that may be here already: those with an idempotency key, and those sent again by their id.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now       ms, 0 for the server's clock
--      2 ids       20 characters each, joined
--      3 marks     of the ids, 14 characters each, joined
--      4 keys      22 characters each, joined; blank where a message has none
--      5 digests   of the payloads, 12 characters each, joined
--      6 delays    ms for each, separated by spaces, '-' for the queue's own; '' when that holds for all
--      7 repeated  '1' when messages with a key may be here by their ids too
--      8 ...       id and payload (kind, key and body) of each message
-- returns {'ok', now, outcomes, {id, result, ...}}, or {code, ...} when refused. An outcome is a letter for each message, and
--   for each that is not new the list has two entries: 'n' new, 's' this very message is here or was, 'p' its key is
--   pending (id), 'r' its key is done and recorded (id, result), 'm' only the mark is left, 'x' other payload (id)
local now, ids, id_marks, given_keys, digests, delays, repeated = unpack(ARGV, 1, 7)
local given = { unpack(ARGV, 8) }

local time = floor(clock(now) / 1000)
local held, refusal = open(time, { 'delay' })
if not held then return refusal end

local names, named, prints = split(ids, 20), split(given_keys, 22), split(digests, 12)
local usual = tonumber(held.delay)
local each = delays ~= '' and delays_of(delays, usual)
local pending, recorded = call('HMGET', keys, unpack(named)), call('HMGET', results, unpack(named))
local id_of, key_of = split(id_marks, MARK), {}
local by_id, by_key = {}, {}
for i, key in ipairs(named) do
  if sub(key, 1, 1) == ' ' then
    by_id[#by_id + 1] = id_of[i]
  else
    key_of[i] = key
    by_key[#by_key + 1] = sub(key, 1, MARK)
  end
end
local ids_done = #by_id > 0 and marked({ recent_a, recent_b }, by_id) or {}
local keys_done = #by_key > 0 and marked({ processed_a, processed_b }, by_key) or {}
local scores = { ready, inflight, dead }
for i, key in ipairs(scores) do scores[i] = (#by_id > 0 or repeated == '1') and call('ZMSCORE', key, unpack(names)) or {} end

local list, waits, claimed, outcomes, known = {}, {}, {}, {}, {}
local new_keys = {}

local function judge(i, id)
  local key = key_of[i]
  local here = scores[1][i] or scores[2][i] or scores[3][i] or new_keys[id]
  if not key then
    new_keys[id] = 'p'
    return (here or ids_done[id_of[i]]) and 's' or 'n', id
  end
  if here then return 's', id end
  local waiting = new_keys[key] or pending[i]
  if waiting and sub(waiting, 1, 1) == 'p' then
    local first, print = sub(waiting, 2, 21), sub(waiting, 22)
    if first == id then return 's', id end
    return (print == '' or print == prints[i]) and 'p' or 'x', first
  elseif waiting and tonumber(sub(waiting, 2, 14)) > time then
    return 'p', sub(waiting, 15)
  end
  if recorded[i] then
    local first, print = sub(recorded[i], 1, 20), sub(recorded[i], 21)
    if first == id then return 's', id end
    if print ~= '' and print ~= prints[i] then return 'x', first end
    return 'r', first
  end
  if keys_done[sub(key, 1, MARK)] then return 'm', '' end
  new_keys[key] = 'p' .. id .. prints[i]
  claimed[#claimed + 1], claimed[#claimed + 2] = key, new_keys[key]
  return 'n', id
end

for i, id in ipairs(names) do
  local outcome, first = judge(i, id)
  outcomes[i] = outcome
  if outcome == 'n' then
    list[#list + 1], list[#list + 2] = id, given[2 * i]
    waits[#waits + 1] = each and each[i] or usual
  else
    known[#known + 1] = first
    known[#known + 1] = outcome == 'r' and call('HGET', results, first) or ''
  end
end
if #list > 0 then
  store(time, list, waits)
  if #claimed > 0 then call('HSET', keys, unpack(claimed)) end
end
return { 'ok', format('%.0f', time), table.concat(outcomes), known }
