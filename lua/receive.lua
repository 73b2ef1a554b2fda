-- receive: take up to `max` visible messages and hide them for `visibility`; or register to be woken.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now         ms, 0 for the server's clock
--      2 version     of the attributes, as the caller knows them; '' for any
--      3 max         count
--      4 returning   count: of these, how many may be messages whose deadline has passed
--      5 visibility  ms; '' for the queue's own
--      6 wait        ms the caller will wait if nothing comes; 0 to not be woken
--      7 inbox       channel on which the caller is woken
--      8 client      who receives
--      9 attempt     number of this receive; a repeat after a lost reply carries the same
--     10 again       '1' for such a repeat
-- returns {'ok', ids, histories, 'fence receivedAt visibility due returned over outbox', {message, ...}}, or {code, ...} when refused: ids are
--   joined; histories 'deliveries attempts first' of each, '' when all came for the first time; due ms until to look
local now, version, max, returning, visibility, wait, inbox, client, attempt, again = unpack(ARGV)

local now_us = clock(now)
local held, refusal = open(floor(now_us / 1000), version, {
  'visibility', 'maxReceives', 'fence', 'awaited', 'paused', 'retention', 'maxInFlight', 'fair', 'late', 'outboxAt',
})
if not held then return refusal end
if held.fair then return { 'Grouped' } end
return { 'ok', deliver(now_us, {
  max = max, returning = returning, visibility = visibility, wait = wait, inbox = inbox,
  client = client, attempt = attempt, again = again,
}, held, PLAIN) }
