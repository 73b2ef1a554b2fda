-- plain: how messages without a group are received (see _deliver.lua).
local PLAIN = { take = take, again = same_batch, ahead = { K.ready } }
