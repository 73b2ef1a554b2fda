-- first_sent: deduplication of FIFO sends: what was sent first under these ids in the last five minutes, in two generations.
local WINDOW = 300000

-- returns for each 'ms id sequence', or false; and the generation to which new ones belong
local function first_sent(time, names)
  local state = call('HMGET', K.meta, 'sent', 'sentAt')
  local newer = state[1] or 'a'
  if not state[1] or time >= state[2] + WINDOW then
    newer = newer == 'a' and 'b' or 'a'
    call('HSET', K.meta, 'sent', newer, 'sentAt', time) -- frees nothing, so that a full memory refuses what is sent
    call('UNLINK', newer == 'a' and K.sent_a or K.sent_b)
  end
  local found = {}
  for _, generation in ipairs({ K.sent_a, K.sent_b }) do
    for i, text in ipairs(call('HMGET', generation, unpack(names))) do
      local at = text and tonumber(string.match(text, '^%d+'))
      found[i] = at and at + WINDOW > time and text or found[i] or false
    end
  end
  return found, newer == 'a' and K.sent_a or K.sent_b
end
