-- post: put messages into the outbox, from where any client forwards them to other queues (docs/moving.md). Each has: to, kind
-- ('d' dead letter, 'f' follow-up, 'm' moved), id, record; and print, delay, deliveries, first, enqueued,
-- dedup, reason where there are such.
-- An entry is 'q <to> <number> <number> <kind> <id> <delay> <deliveries> <first> <enqueued> <print> <bytes> <key>
-- <dedup> <group>'; its record is in `letters` below '>' and the second number, which stays when the entry gets a place (see forward.lua).
local function post(now, list, held)
  local own = string.match(K.ready, '/([^/]-):')
  local last = math.max(tonumber(call('HGET', K.meta, 'outboxNumber') or 0), now * 1000 - 1)
  local entries, records, notes, times = {}, {}, {}, {}
  for i, one in ipairs(list) do
    local number, record = format('%016.0f', last + i), one.record
    if one.reason then record = with_origin(record, format('%s %.0f ', own, now) .. one.reason) end
    local key = string.match(record, '^%u(......................)') or '-'
    entries[2 * i - 1] = 0
    entries[2 * i] = format('q %s %s %s %s %s %s %d %.0f %.0f %s %d %s %s ', one.to, number, number, one.kind, one.id, one.delay or '0',
      one.deliveries or 0, one.first or 0, one.enqueued or 0, one.print or '-', #record, key, one.dedup or '-') .. group_of(record)
    records[2 * i - 1], records[2 * i] = '>' .. number, record
    -- Who asks for the message by its id is told that it has left.
    if one.kind ~= 'f' then
      local n = #notes
      notes[n + 1], notes[n + 2] = '!' .. one.id, format('%s%d %s', one.kind, one.deliveries or 0, one.reason or '')
      times[n + 1], times[n + 2] = now + math.max(tonumber(call('HGET', K.meta, 'resultTtl')), 300000), '!' .. one.id
    end
  end
  -- In slices: Lua has room for some 8,000 values in a call.
  local function sliced(values, put)
    for from = 1, #values, 1000 do put(unpack(values, from, math.min(from + 999, #values))) end
  end
  sliced(entries, function(...) call('ZADD', K.outbox, ...) end)
  sliced(records, function(...) call('HSET', K.letters, ...) end)
  sliced(notes, function(...) call('HSET', K.results, ...) end)
  sliced(times, function(...) call('ZADD', K.expiries, ...) end)
  call('HSET', K.meta, 'outboxNumber', format('%.0f', last + #list))
  call('HSETNX', K.meta, 'outboxAt', now)
  held.outboxAt = held.outboxAt or now
end
