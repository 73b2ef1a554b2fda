-- renumber: give messages that are about to be received their next numbers. `found` has for each its id, what `receives`
-- holds of it, and when it was received first as far as is known.
-- returns ids, histories (nil when all come for the first time), what to write to `receives`, those received too often (as
--   `bury` takes them), and those older than the retention
local function renumber(now, found, visibility, held)
  local retention, limit = tonumber(held.retention) or math.huge, tonumber(held.maxReceives)
  local ids, histories, changed, spent, stale = {}, nil, {}, {}, {}
  for _, one in ipairs(found) do
    local deliveries, attempts, since, err, enqueued = 0, 0, now, '', 0
    if one.text or one.first then deliveries, attempts, since, err, enqueued = entry(one.text, one.first or now) end
    if enqueued > 0 and enqueued + retention <= now or enqueued == 0 and sent_at(one.id) + retention <= now then
      stale[#stale + 1] = one.id
    elseif attempts >= limit then
      local n = #spent
      spent[n + 1], spent[n + 2], spent[n + 3], spent[n + 4], spent[n + 5] = one.id, 'maxReceives ' .. err, deliveries, attempts, since
    else
      ids[#ids + 1] = one.id
      if deliveries > 0 then
        histories = histories or {}
        histories[#ids] = format('%d %d %.0f', deliveries + 1, attempts + 1, since)
      end
      if deliveries > 0 or visibility ~= tonumber(held.visibility) then
        changed[#changed + 1], changed[#changed + 2] = one.id, entry_text(deliveries + 1, attempts + 1, since, err, enqueued)
      end
    end
  end
  return ids, histories, changed, spent, stale
end
