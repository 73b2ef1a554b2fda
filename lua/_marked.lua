-- Is this rest of a mark among those of a field, and not across two of them?
local function holds(text, rest)
  local from = 1
  while true do
    local at = string.find(text, rest, from, true)
    if not at then return false end
    if (at - 1) % #rest == 0 then return true end
    from = at + 1
  end
end

-- marked: which of the marks are in one of the two generations? Answers a table: mark -> true.
local function marked(generations, marks)
  local found = {}
  for _, generation in ipairs(generations) do
    local fields = {}
    for _, one in ipairs(marks) do
      for width = 3, 6 do fields[#fields + 1] = sub(one, 1, width) end
    end
    if call('EXISTS', generation) == 1 then
      local held = call('HMGET', generation, unpack(fields))
      for i, one in ipairs(marks) do
        for width = 3, 6 do
          local text = held[4 * (i - 1) + width - 2]
          if text and holds(text, sub(one, width + 1)) then found[one] = true end
        end
      end
    end
  end
  return found
end
