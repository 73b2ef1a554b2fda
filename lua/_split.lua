-- split: cut a string into pieces of `width` characters.
local function split(text, width)
  local pieces = {}
  for i = 1, #text / width do pieces[i] = sub(text, (i - 1) * width + 1, i * width) end
  return pieces
end
