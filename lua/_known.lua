-- known: what the partition knows of messages that may be here already, by their ids and by their keys. `waiting`: the zset of
-- those that wait.
local function known(held, names, id_marks, named, repeated, waiting)
  local seen = { key_of = {}, id_mark = id_marks, new = {} }
  local by_id, by_key = {}, {}
  for i, key in ipairs(named) do
    if sub(key, 1, 1) == ' ' then
      by_id[#by_id + 1] = id_marks[i]
    else
      seen.key_of[i] = key
      by_key[#by_key + 1] = sub(key, 1, MARK)
    end
  end
  seen.pending, seen.recorded = call('HMGET', K.keys, unpack(named)), call('HMGET', K.results, unpack(named))
  seen.ids_done = #by_id > 0 and marked(generations('recent', K.recent_a, K.recent_b, held), by_id) or {}
  seen.keys_done = #by_key > 0 and marked(generations('processed', K.processed_a, K.processed_b, held), by_key) or {}
  local look = #by_id > 0 or repeated == '1'
  seen.ready = look and call('ZMSCORE', waiting, unpack(names)) or {}
  seen.inflight = look and call('ZMSCORE', K.inflight, unpack(names)) or {}
  seen.dead = look and call('ZMSCORE', K.dead, unpack(names)) or {}
  if look then
    local departures = {}
    for i, name in ipairs(names) do departures[i] = '!' .. name end
    for i, note in ipairs(call('HMGET', K.results, unpack(departures))) do seen.dead[i] = seen.dead[i] or note end
  end
  return seen
end
