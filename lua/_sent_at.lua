-- sent_at: when a message was sent (ms), as its id says: the first 8 characters, of 6 bits each. To be compared as a number,
-- for Lua compares texts by the server's locale, by which 'a' may be less than 'B'.
local function sent_at(id)
  local ms = 0.0 -- a fraction, for the embedded store has whole numbers of 32 bits
  for _, byte in ipairs({ string.byte(id, 1, 8) }) do
    ms = ms * 64 + (byte > 96 and byte - 59 or byte > 94 and 37 or byte > 64 and byte - 54 or byte > 47 and byte - 47 or 0)
  end
  return ms
end
