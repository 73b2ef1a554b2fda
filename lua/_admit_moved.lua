-- admit_moved: of messages that come from another queue's outbox, which are new here? A dead letter holds no key; a follow-up, or
-- a message that is moved back, claims its own (see docs/moving.md).
-- `list` holds for each: kind, id, key, group, print, stay ('1' at a place that is its home no longer) and dedup ('-': none).
-- returns an outcome for each: 'n' new, 's' here already, 'v' its home is elsewhere, else a duplicate; ids that were first; the
--   keys to be claimed, and the generation of deduplication ids with those to be noted, as far as `until_`, the first 'v'
local function admit_moved(time, held, list)
  local ids, keys, marks, by, nth, some = {}, {}, {}, {}, {}, false
  local seen = { key_of = {}, id_mark = {}, ids_done = {}, keys_done = {}, new = {}, ready = {} }
  for i, one in ipairs(list) do
    ids[i], keys[i] = one.id, one.key or '-'
    if one.key then seen.key_of[i], marks[#marks + 1] = one.key, sub(one.key, 1, MARK) end
    if one.dedup ~= '-' then by[#by + 1], nth[i] = one.dedup, #by + 1 end
  end
  if #marks > 0 then seen.keys_done = marked(generations('processed', K.processed_a, K.processed_b, held), marks) end
  seen.pending, seen.recorded = call('HMGET', K.keys, unpack(keys)), call('HMGET', K.results, unpack(keys))
  seen.inflight, seen.dead = call('ZMSCORE', K.inflight, unpack(ids)), call('ZMSCORE', K.dead, unpack(ids))
  local plain, grouped = call('ZMSCORE', K.ready, unpack(ids)), call('ZMSCORE', K.grouped, unpack(ids))
  for i = 1, #ids do seen.ready[i] = plain[i] or grouped[i] end
  local sent, generation = {}, nil
  if #by > 0 then sent, generation = first_sent(time, by) end
  local outcomes, firsts = {}, {}
  for i, one in ipairs(list) do
    local text = nth[i] and (seen.new['=' .. one.dedup] or sent[nth[i]])
    if text then
      outcomes[i], firsts[i] = 'e', string.match(text, '^%d+ (%S+)')
    else
      outcomes[i], firsts[i] = judge(seen, time, i, one.id, one.print == '-' and '' or one.print)
    end
    if outcomes[i] == 'n' and one.stay == '1' and not (held.fifo and line_of(one.group, 1)[1]) then outcomes[i] = 'v' end
    if outcomes[i] == 'n' and nth[i] then seen.new['=' .. one.dedup] = format('%.0f %s 0', time, one.id) end
  end
  return outcomes, firsts, seen.new, generation
end
