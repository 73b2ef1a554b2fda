-- GROUP_FIELDS: what scripts about groups read of the partition.
local GROUP_FIELDS = { 'fifo', 'fair', 'noisyInFlight', 'noisyShare', 'sequence', 'sweptTo', 'retention' }

-- opened: as `open`, with those fields besides.
local function open_groups(now, version, fields, stores)
  local all = { unpack(fields) }
  for _, field in ipairs(GROUP_FIELDS) do all[#all + 1] = field end
  local held, refusal = open(now, version, all, stores)
  return held, refusal
end
