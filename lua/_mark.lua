-- Marks remember what is done. A mark is 14 characters: 6 hexadecimal, 8 of base64. Its first 3 to 6 name a field of
-- the generation's hash, the rest is appended there: about 14 bytes a mark at a million. Fields grow longer names as
-- the generation fills, so that a field holds some 32 marks. See docs/keys.md.
local MARK = 14

local function width_for(count)
  if count < 131072 then return 3 elseif count < 2097152 then return 4 elseif count < 33554432 then return 5 end
  return 6
end

-- Append marks to the generation, `count` of which it holds already.
local function mark(generation, count, marks)
  local width = width_for(count)
  local fields, rests = {}, {}
  for _, one in ipairs(marks) do
    local field, rest = sub(one, 1, width), sub(one, width + 1)
    local list = rests[field]
    if list then
      list[#list + 1] = rest
    else
      fields[#fields + 1] = field
      rests[field] = { rest }
    end
  end
  local held = call('HMGET', generation, unpack(fields))
  local pairs_ = {}
  for i, field in ipairs(fields) do
    pairs_[2 * i - 1] = field
    pairs_[2 * i] = (held[i] or '') .. table.concat(rests[field])
  end
  call('HSET', generation, unpack(pairs_))
end
