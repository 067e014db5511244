/**
 * Members of a session, each until its lease runs out: a hash (`m<memberId>` its JSON, `v` the last event's tick) and its
 * leases by expiry. Each event carries the tick of the one before, as changes do.
 */
export const MEMBERS = String.raw`
local BOARD, LEASES = KEYS[3], KEYS[4]
-- beyond the last lease, so that whoever follows can still be told who was lost
local GRACE_MS = 60000

local function tell(kind, member)
  local before = tonumber(redis.call('HGET', BOARD, 'v') or '0')
  local version = math.max(before + 1, now() * TICKS_PER_MS)
  redis.call('HSET', BOARD, 'v', int(version))
  redis.call('SPUBLISH', LIVE, table.concat({
    '{"w":' .. int(before), '"v":' .. int(version), '"k":"' .. kind .. '"', '"m":' .. member .. '}',
  }, ','))
end

local function remove(id, kind)
  local member = redis.call('HGET', BOARD, 'm' .. id)
  if not member then return end
  redis.call('HDEL', BOARD, 'm' .. id)
  redis.call('ZREM', LEASES, id)
  tell(kind, member)
end

local function sweep()
  for _, id in ipairs(redis.call('ZRANGE', LEASES, '-inf', now(), 'BYSCORE')) do remove(id, 'lost') end
end

local function hold(id, lease)
  redis.call('ZADD', LEASES, now() + lease, id)
  redis.call('PEXPIRE', BOARD, 2 * lease + GRACE_MS)
  redis.call('PEXPIRE', LEASES, 2 * lease + GRACE_MS)
end

local function enter(id, member, lease)
  sweep()
  local present = redis.call('HEXISTS', BOARD, 'm' .. id) == 1
  redis.call('HSET', BOARD, 'm' .. id, member)
  tell(present and 'update' or 'enter', member)
  hold(id, lease)
end
`;

export const ENTER = String.raw`
local id, member, lease = take(), take(), tonumber(take())
enter(id, member, lease)
return { learned, 'null' }
`;

/** A member whose lease had run out all the same, while Redis or its process was away, is present again. */
export const RENEW = String.raw`
local id, member, lease = take(), take(), tonumber(take())
if redis.call('HEXISTS', BOARD, 'm' .. id) == 1 then
  hold(id, lease)
else
  enter(id, member, lease)
end
return { learned, 'null' }
`;

export const LEAVE = String.raw`
remove(take(), 'left')
return { learned, 'null' }
`;

export const LIST = String.raw`
sweep()
local members = {}
for _, id in ipairs(redis.call('ZRANGE', LEASES, 0, -1)) do
  members[#members + 1] = redis.call('HGET', BOARD, 'm' .. id) or nil
end
return { learned, '[' .. table.concat(members, ',') .. ']' }
`;
