-- standing_of: read where messages in flight stand: 'group' or 'group sequence' of each, separated by line feeds; '' for a
-- message without a group.
-- returns the groups, and of a FIFO queue the places in `order`
local function standing_of(text, ids)
  local groups, lines, i = {}, {}, 0
  for place in string.gmatch(text .. '\n', '([^\n]*)\n') do
    i = i + 1
    local group, number = string.match(place, '^(%S+) ?(%d*)$')
    groups[i] = group
    if number and number ~= '' and ids[i] then lines[i] = place_of(group, tonumber(number), ids[i]) end
  end
  return groups, lines
end
