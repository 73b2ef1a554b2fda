-- holder_of: the message that holds a key: 'p' id digest while it is pending, 'c' deadline id while it is claimed.
local function holder_of(text)
  return sub(text, 1, 1) == 'p' and sub(text, 2, 21) or sub(text, 15)
end
