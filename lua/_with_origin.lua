-- with_origin: a record with another origin in its head: where the message was before it became a dead letter; '' for none.
-- See lib/record.ts for the parts of a record.
local function with_origin(record, origin)
  local key = string.match(record, '^%u(......................)') or ''
  local kind, rest = string.lower(sub(record, 1, 1)), sub(record, 2 + #key)
  local group, envelope, inner = '', '0', kind .. rest
  if kind == 'a' then
    local old, from
    group, old, envelope, from = string.match(rest, '^([^\n]*)\n(%d+) (%d+)\n()')
    inner = sub(rest, from + old)
  end
  if origin == '' and group == '' and envelope == '0' then
    return key == '' and inner or string.upper(sub(inner, 1, 1)) .. key .. sub(inner, 2)
  end
  return (key == '' and 'a' or 'A') .. key .. group .. '\n' .. #origin .. ' ' .. envelope .. '\n' .. origin .. inner
end
