-- group_of: the group in a record; '' where there is none.
local function group_of(record)
  return string.match(record, '^a([^\n]*)\n') or string.match(record, '^A......................([^\n]*)\n') or ''
end
