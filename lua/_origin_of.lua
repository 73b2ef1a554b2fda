-- origin_of: where a message was before it became a dead letter: '<queue> <died at, ms> <reason> <error>'; '' where it was not.
local function origin_of(record)
  local size, from = string.match(record, '^a[^\n]*\n(%d+) %d+\n()')
  if not size then size, from = string.match(record, '^A......................[^\n]*\n(%d+) %d+\n()') end
  return size and sub(record, from, from + size - 1) or ''
end
