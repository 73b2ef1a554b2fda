-- delays_of: read delays in ms, one for each message, `usual` where there is '-'.
local function delays_of(text, usual)
  local delays = {}
  for delay in string.gmatch(text, '%S+') do delays[#delays + 1] = tonumber(delay) or usual end
  return delays
end
