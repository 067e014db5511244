/** Takes away a message with all that belongs to it. */
export const FORGETTING = String.raw`
local total = tonumber(get('b') or '0')

local function forget(state)
  local serial = state.serial
  for _, name in ipairs(chunk_names(state)) do set(name, false) end
  set('i' .. fixed_of(serial).id, false)
  for _, suffix in ipairs({ '', 'f', 'd', 'a' }) do set(serial .. suffix, false) end
  for _, member in ipairs(redis.call('ZRANGE', ANNOTATIONS_INDEX, '[' .. serial .. ':', '[' .. serial .. ';', 'BYLEX')) do
    set(serial .. 'n' .. string.match(member, '^%d+:%d+:(.*)$'), false)
    redis.call('ZREM', ANNOTATIONS_INDEX, member)
  end
  redis.call('ZREM', BY_SERIAL, serial)
  redis.call('ZREM', BY_CHANGE, serial)
  total = total - tonumber(state.bytes)
end
`;

/** Takes away the oldest messages beyond an age or a size. Messages that this script has changed stay. */
export const RETENTION = String.raw`
-- one commit takes away so many at most; the next ones go on
local MOST = 100

-- in milliseconds and bytes; 0 for no limit
local function retain(age, bytes)
  if age == 0 and bytes == 0 then return end
  local oldest = (now() - age) * TICKS_PER_MS
  for _, serial in ipairs(redis.call('ZRANGE', BY_SERIAL, 0, MOST - 1)) do
    local state = state_of(serial)
    local expired = age > 0 and changed_at(state) < oldest
    local over = bytes > 0 and total > bytes
    if dirty[serial] or not (expired or over) then return end
    forget(state)
    set('r', int(math.max(tonumber(get('r') or '0'), changed_at(state))))
  end
end
`;
