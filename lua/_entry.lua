-- entry: read what `receives` holds of a message: deliveries, attempts, first received at (ms), last error.
-- Nothing is held of a message that was received once and not touched since; `first` is what it would say.
local function entry(text, first)
  if not text then return 1, 1, first, '' end
  local deliveries, attempts, since, err = string.match(text, '^(%d+) (%d+) (%d+) ?(.*)$')
  return tonumber(deliveries), tonumber(attempts), tonumber(since), err
end

local function entry_text(deliveries, attempts, first, err)
  return format('%d %d %.0f %s', deliveries, attempts, first, err or '')
end
