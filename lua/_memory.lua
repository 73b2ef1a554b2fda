-- In front of every script in the embedded store only: there, a missing value in an array is a null object instead of
-- false.
local redis = {
  call = function(...)
    local reply = redis.call(...)
    if type(reply) == 'table' then
      for i = 1, #reply do
        if type(reply[i]) == 'userdata' then reply[i] = false end
      end
    elseif type(reply) == 'userdata' then
      return false
    end
    return reply
  end,
}
