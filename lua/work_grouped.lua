-- work_grouped: as `work`, in a partition that has groups: a FIFO queue, or a standard one some of whose messages carry a group.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now             ms, 0 for the server's clock
--      2 version         of the attributes, as the caller knows them; '' for any
--      3 done_ids        the completed messages, 20 characters each, joined; '' to receive only
--      4 deliveries      the delivery numbers of their receipts, separated by spaces; '' when all are 1
--      5 marks           of the ids, 14 characters each, joined
--      6 done_keys       '' or 22 characters for each, joined; blank where there is none
--      7 result_indexes  which of them (from 1) have a result, separated by spaces
--      8 result_sizes    bytes of each result, separated by spaces
--      9 done_results    joined
--     10 standing        where they stand (see _standing_of.lua)
--     11 max             count
--     12 returning       count: of these, how many may be messages whose deadline has passed
--     13 visibility      ms; '' for the queue's own
--     14 wait            ms the caller will wait if nothing comes; 0 to not be woken
--     15 inbox           channel on which the caller is woken
--     16 client          who receives; '!' and a name for an attempt that the caller has named
--     17 attempt         number of this receive; a repeat after a lost reply carries the same
--     18 again           '1' for such a repeat; '2' for the batch of the attempt, or nothing
--     19 each            count: how many of one group of a FIFO queue at most; on others, of all noisy tenants
--     20 sends           '' or follow-ups of the completed messages (see _follow.lua)
--     21 payloads        their records, joined
-- returns {'ok', outcomes, ids, histories, 'fence receivedAt visibility due 0 over outbox', {message, ...}, marks}, or {code, ...} when
--   refused: outcomes '' when all are done, else a letter for each: 'd' done, 'l' lost, 'x' expired; the rest as `receive`, but
--   marks has for each message its sequence number (16 digits) and 'r' when its deadline had passed, else '-'
local now, version, done_ids, deliveries, marks, done_keys, result_indexes, result_sizes, done_results, standing,
  max, returning, visibility, wait, inbox, client, attempt, again, each, sends, payloads = unpack(ARGV)

local now_us, outcomes = clock(now), ''
local time = floor(now_us / 1000)
local held, refusal = open_groups(time, version, {
  'recent', 'recentCount', 'processed', 'processedCount', 'resultTtl', 'awaited',
  'visibility', 'maxReceives', 'fence', 'paused', 'maxInFlight', 'outboxAt',
})
if not held then return refusal end
local goes_on
if done_ids ~= '' then
  local done
  outcomes, done = settle(now_us, {
    ids = done_ids, deliveries = deliveries, marks = marks, keys = done_keys,
    result_indexes = result_indexes, result_sizes = result_sizes, results = done_results, sends = sends, payloads = payloads,
  }, held)
  local groups, lines = standing_of(standing, split(done_ids, 20))
  goes_on = vacate(time, held, groups, lines, done)
end
sweep_groups(time, held)
local reply = { 'ok', outcomes }
if max ~= '0' then
  local noted = again == '2' and { take = function() return '', '', 0, 0, {}, 0 end, again = same_groups, ahead = {} }
  reply = { 'ok', outcomes, deliver(now_us, {
    max = max, returning = returning, visibility = visibility, wait = wait, inbox = inbox,
    client = client, attempt = attempt, again = noted and '1' or again, each = each,
  }, held, noted or held.fifo and { take = take_fifo, again = same_groups, ahead = { K.groups } }
    or { take = take_fair, again = same_groups, ahead = { K.groups, K.ready, K.noisy } }) }
end
if goes_on and held.fifo then hand_on(now_us) end
return reply
