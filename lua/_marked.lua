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

-- What `generations` needs to know of a pair.
local function pair_fields(name) return name, name .. 'Count', name .. 'Before' end

-- The two hashes of a pair, each with how many marks it holds.
local function generations(name, a, b, held)
  local count, before = tonumber(held[name .. 'Count']), tonumber(held[name .. 'Before'])
  if held[name] == 'b' then count, before = before, count end
  return { { a, count }, { b, before } }
end

-- marked: which of the marks are in one of the generations? Answers a table: mark -> true.
local function marked(pair, marks)
  local found = {}
  for _, generation in ipairs(pair) do
    local widest = generation[2] > 0 and width_for(generation[2]) or 2
    for width = 3, widest do
      local fields = {}
      for i, one in ipairs(marks) do fields[i] = sub(one, 1, width) end
      for i, text in ipairs(call('HMGET', generation[1], unpack(fields))) do
        if text and holds(text, sub(marks[i], width + 1)) then found[marks[i]] = true end
      end
    end
  end
  return found
end
