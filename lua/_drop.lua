-- drop: of messages that were about to be received, bury the spent ones and forget the stale ones; their tenants go on.
local function drop(now, held, spent, stale)
  local gone, groups, tenants = {}, {}, {}
  for _, id in ipairs(stale) do gone[#gone + 1] = id end
  for i = 1, #spent, 5 do gone[#gone + 1] = spent[i] end
  for i, record in ipairs(call('HMGET', K.messages, unpack(gone))) do
    local group = record and group_of(record)
    if group and group ~= '' then groups[i], tenants[i] = group, true end
  end
  vacate(now, held, groups, {}, tenants)
  if #stale > 0 then forget(stale) end
  if #spent > 0 then bury(now, spent, held) end
end
