-- numbers: read a list of numbers separated by spaces; false where there is '-'.
local function numbers(text)
  local list = {}
  for number in string.gmatch(text, '%S+') do list[#list + 1] = tonumber(number) or false end
  return list
end
