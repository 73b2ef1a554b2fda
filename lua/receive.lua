-- receive: take up to `max` visible messages and hide them for `visibility`; or register to be woken.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now         ms, 0 for the server's clock
--      2 max         count
--      3 returning   count: of these, how many may be messages whose deadline has passed
--      4 visibility  ms; '' for the queue's own
--      5 wait        ms the caller will wait if nothing comes; 0 to not be woken
--      6 inbox       channel on which the caller is woken
--      7 client      who receives
--      8 attempt     number of this receive; a repeat after a lost reply carries the same
--      9 again       '1' for such a repeat
-- returns {'ok', ids, histories, 'fence receivedAt visibility due returned', {message, ...}}, or {code, ...} when refused: ids are
--   joined; histories 'deliveries attempts first' of each, '' when all came for the first time; due ms until to look
local now, max, returning, visibility, wait, inbox, client, attempt, again = unpack(ARGV)

local now_us = clock(now)
local held, refusal = open(floor(now_us / 1000), DELIVER)
if not held then return refusal end
return { 'ok', deliver(now_us, {
  max = max, returning = returning, visibility = visibility, wait = wait, inbox = inbox,
  client = client, attempt = attempt, again = again,
}, held) }
