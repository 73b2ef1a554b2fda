-- send_grouped: store messages that carry a group: all messages of a FIFO queue, and those of tenants on a standard one.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now         ms, 0 for the server's clock
--      2 version     of the attributes, as the caller knows them; '' for any
--      3 ids         20 characters each, joined
--      4 id_marks    of the ids, 14 characters each, joined
--      5 given_keys  22 characters each, joined; blank where a message has none
--      6 digests     of the payloads, 12 characters each, joined
--      7 delays      ms for each, separated by spaces, '-' for the queue's own; '' when that holds for all
--      8 repeated    '1' when messages may be here by their ids already
--      9 names       of the groups, separated by spaces
--     10 dedups      '' or what each is deduplicated by, separated by spaces (the id, behind its group where that is the scope)
--     11 stay        '1' at a former home: only what belongs here still is stored
--     12 above       sequence numbers are to be above this one
--     13 ...       id and payload (kind, key, head and body) of each message
-- returns {'ok', now, outcomes, {id, result, ...}, sequences, last}, or {code, ...} when refused: outcomes and list as `send_once`, and
--   'e' (equal: deduplicated; id, '') and 'v' (moved, nothing stored: its home is elsewhere now; '', ''). sequences: numbers separated by
--   spaces, 0 where there is none; last: the last number given here
local now, version, ids, id_marks, given_keys, digests, delays, repeated, names, dedups, stay, above = unpack(ARGV, 1, 12)
local given = { unpack(ARGV, 13) }

local time = floor(clock(now) / 1000)
local held, refusal = open_groups(time, version, {
  'delay', 'recent', 'recentCount', 'recentBefore', 'processed', 'processedCount', 'processedBefore',
}, true)
if not held then return refusal end

local list, groups, prints = split(ids, 20), words(names), split(digests, 12)
local usual, by = tonumber(held.delay), dedups ~= '' and words(dedups) or {}
local each = delays ~= '' and delays_of(delays, usual)
local seen = known(held, list, split(id_marks, MARK), split(given_keys, 22), repeated, K.grouped)
local sent, generation
if #by > 0 then sent, generation = first_sent(time, by) end
local fresh, payloads, claimed, noted, outcomes, firsts, numbers_ = { ids = {}, groups = {}, times = {}, by = {} }, {}, {}, {}, {}, {}, {}
local last = math.max(tonumber(held.sequence) or 0, tonumber(above) or 0)
for i, id in ipairs(list) do
  local outcome, first, number = admit(seen, sent, time, i, id, prints[i], by[i])
  if outcome == 'n' and stay == '1' and not (held.fifo and line_of(groups[i], 1)[1]) then
    outcome, first, seen.new[id], seen.new[seen.key_of[i] or id] = 'v', '', nil, nil
  end
  outcomes[i], numbers_[i] = outcome, number
  if outcome == 'n' then
    local n = #fresh.ids + 1
    fresh.ids[n], fresh.groups[n], fresh.times[n], fresh.by[n] = id, groups[i], time + (each and each[i] or usual), by[i]
    payloads[2 * n - 1], payloads[2 * n] = id, given[2 * i]
    numbers_[i] = held.fifo and last + n or 0
    if by[i] then
      seen.new['=' .. by[i]] = format('%.0f %s %.0f', time, id, numbers_[i])
      noted[#noted + 1], noted[#noted + 2] = by[i], seen.new['=' .. by[i]]
    end
    local key = seen.key_of[i]
    if key then claimed[#claimed + 1], claimed[#claimed + 2] = key, seen.new[key] end
  else
    firsts[#firsts + 1] = first
    firsts[#firsts + 1] = outcome == 'r' and call('HGET', K.results, first) or ''
  end
  numbers_[i] = format('%.0f', numbers_[i])
end
if #fresh.ids > 0 then
  call('HSET', K.messages, unpack(payloads)) -- first, as in _store.lua
  local _, soonest = stand(time, held, fresh.ids, fresh.groups, fresh.times, last)
  if #claimed > 0 then call('HSET', K.keys, unpack(claimed)) end
  if #noted > 0 then call('HSET', generation, unpack(noted)) end
  if soonest then announce(time, math.max(soonest - time, 0)) end
  sweep_groups(time, held)
end
return { 'ok', format('%.0f', time), table.concat(outcomes), firsts, table.concat(numbers_, ' '), format('%.0f', last + #fresh.ids) }
