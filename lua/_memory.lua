-- Around every script in the embedded store only, in the place of its last comment. There, an array is an object instead
-- of a table and a missing value a null object instead of false; and a table is taken for an array only when it was
-- filled from its end. Whole numbers have 32 bits there, so all are made fractions. Numbers are arguments as they are, where Redis makes texts of them.
local function plain(value)
  if type(value) ~= 'userdata' then return value end
  if tostring(value) == 'null' then return false end
  local list = {}
  for i = 1, #value do list[i] = plain(value[i]) end
  return list
end

local function answer(value)
  if type(value) ~= 'table' then return value end
  local list = {}
  for i = #value, 1, -1 do list[i] = answer(value[i]) end
  return list
end

local whole = tonumber
local function tonumber(value)
  local number = whole(value)
  return number and number + 0.0
end

local function text(value)
  return type(value) == 'number' and string.format('%.17g', value) or value
end

local redis = {
  call = function(...)
    local arguments = { ... }
    for i = 1, #arguments do arguments[i] = text(arguments[i]) end
    return plain(redis.call(unpack(arguments)))
  end,
}
return answer((function()
--SCRIPT--
end)())
