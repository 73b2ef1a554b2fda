-- keep_results: keep what the handlers returned, and with a key which message and payload it was sent for, for `resultTtl`.
local function keep_results(now, done, ids, valid, keyed, pending, ttl)
  local values, from = {}, 1
  local indexes, sizes = numbers(done.result_indexes), numbers(done.result_sizes)
  for i, index in ipairs(indexes) do
    values[index] = sub(done.results, from, from + sizes[i] - 1)
    from = from + sizes[i]
  end
  local fields, times, until_ = {}, {}, now + ttl
  local function keep(field, value)
    fields[#fields + 1], fields[#fields + 2] = field, value
    times[#times + 1], times[#times + 2] = until_, field
  end
  for i, id in ipairs(ids) do
    if valid[i] and (values[i] or keyed[i]) then
      if values[i] then keep(id, values[i]) end
      local held_by = pending[keyed[i]]
      if keyed[i] then keep(keyed[i], id .. (held_by and sub(held_by, 1, 1) == 'p' and sub(held_by, 22) or '')) end
    end
  end
  if #fields > 0 then
    call('HSET', K.results, unpack(fields))
    call('ZADD', K.expiries, unpack(times))
    local look = call('HGET', K.meta, 'tidyAt')
    if until_ < tonumber(look) then call('HSET', K.meta, 'tidyAt', until_) end
  end
end
