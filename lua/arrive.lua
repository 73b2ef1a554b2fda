-- arrive: store messages that come from the outbox of another partition, those that have not come before.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 source   the partition from which they come
--      4 above    FIFO: sequence numbers are to be above this one
--      5 ...      two for each message, in the order of their numbers: 'number kind id delay deliveries first enqueued print
--                 dedup stay', and its record. dedup: what it is deduplicated by, or '-'; stay: '1' where this place is its home no longer
-- returns {'ok', number, outcomes, sequence}, or {code, ...} when refused: the last number that is dealt with; a letter for each
--   message: '-' came before, 'n' stored, 's' was here already, 'v' belongs elsewhere, or the partition goes: this and what follows is not dealt with;
--   'w' belongs here and waits behind such a one; else a duplicate: a follow-up is dropped, any other is a dead letter here; and the last sequence number given here
local now, version, source, above = unpack(ARGV, 1, 4)
local given = { unpack(ARGV, 5) }

local time = floor(clock(now) / 1000)
local held, refusal = open_groups(time, version, { 'delay', 'vacant', pair_fields('processed') }, true)
if not held then return refusal end

local last, list, letters = tonumber(call('HGET', K.inbound, source) or 0), {}, {}
for i = 1, #given, 2 do
  local one, record = words(given[i]), given[i + 1]
  letters[(i + 1) / 2] = '-'
  if tonumber(one[1]) > last then
    local key = one[2] ~= 'd' and string.match(record, '^%u(......................)') or nil
    list[#list + 1] = { at = (i + 1) / 2, number = one[1], kind = one[2], id = one[3], record = record, key = key, group = group_of(record),
      time = time + (one[4] == '-' and held.delay or one[4]), deliveries = one[5], first = one[6], print = one[8], dedup = one[9], stay = one[10],
      enqueued = (one[2] == 'm' or held.fifo) and time or tonumber(one[7]) }
  end
end
if #list == 0 then return { 'ok', format('%016.0f', last), table.concat(letters), held.sequence or '0' } end

local outcomes, firsts, new, generation = admit_moved(time, held, list)
local plain, delays, fresh, arrived = {}, {}, { ids = {}, groups = {}, times = {} }, {}
local sequence = math.max(tonumber(held.sequence) or 0, tonumber(above) or 0)
local number, ids, moved = nil, {}, false
for i, one in ipairs(list) do
  local outcome, n = held.vacant and 'v' or outcomes[i], #arrived
  letters[one.at] = moved and outcome ~= 'v' and 'w' or outcome
  moved = moved or outcome == 'v'
  if not moved then number = one.number end
  if not moved and outcome == 'n' then
    ids[#ids + 1], arrived[n + 1], arrived[n + 2] = one.id, one.id, one.record
    if one.group == '' then
      plain[#plain + 1], plain[#plain + 2], delays[#delays + 1] = one.id, one.record, one.time - time
    else
      local g = #fresh.ids + 1
      fresh.ids[g], fresh.groups[g], fresh.times[g] = one.id, one.group, one.time
    end
  end
end
if #plain > 0 then store(time, plain, delays) end
if #fresh.ids > 0 then
  local _, soonest = stand(time, held, fresh.ids, fresh.groups, fresh.times, sequence)
  call('HSET', K.messages, unpack(arrived))
  if soonest then announce(time, math.max(soonest - time, 0)) end
end
settle_moved(time, held, list, outcomes, firsts, letters, new, generation) -- frees: so it comes after what a full memory refuses
if number then call('HSET', K.inbound, source, number) end
return { 'ok', number or format('%016.0f', last), table.concat(letters), format('%.0f', sequence + #fresh.ids) }
