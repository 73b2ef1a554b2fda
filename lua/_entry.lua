-- entry: read what `receives` holds of a message: deliveries, attempts, first received at (ms), last error, and since when
-- its age counts (ms; 0: since it was sent). Nothing is held of a message that was received once and not touched since;
-- `first` is what it would say.
local function entry(text, first)
  if not text then return 1, 1, first, '', 0 end
  local deliveries, attempts, since, enqueued, err = string.match(text, '^(%d+) (%d+) (%d+)@?(%d*) ?(.*)$')
  return tonumber(deliveries), tonumber(attempts), tonumber(since), err, tonumber(enqueued) or 0
end

local function entry_text(deliveries, attempts, first, err, enqueued)
  if enqueued and enqueued > 0 then return format('%d %d %.0f@%.0f %s', deliveries, attempts, first, enqueued, err or '') end
  return format('%d %d %.0f %s', deliveries, attempts, first, err or '')
end
