/**
 * What every script begins with. A session is one hash (`s`), whose fields are read through a cache and written back at
 * once, so that a script that fails has written nothing. Numbers that Redis would round are kept as decimal strings.
 *
 * Fields: `v` schema, `e` epoch, `l` life, `t` last tick, `b` bytes of all messages, `r` the highest tick that retention
 * took away, `j` what tier.ts says, `i<id>` the serial of an id; and per message as message.ts has it.
 */
export const SESSION = String.raw`
local SESSION, LIVE = KEYS[1], KEYS[2]
local SCHEMA = 1
local SLICE = 4000

local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end

local function int(number)
  return string.format('%.0f', number)
end

local cache, dirty = {}, {}

local function fetch(names)
  for first = 1, #names, SLICE do
    local stop = math.min(#names, first + SLICE - 1)
    local found = redis.call('HMGET', SESSION, unpack(names, first, stop))
    for index = first, stop do cache[names[index]] = found[index - first + 1] end
  end
end

local function get(name)
  local value = cache[name]
  if value == nil then
    value = redis.call('HGET', SESSION, name)
    cache[name] = value
  end
  return value
end

-- false takes a field away
local function set(name, value)
  cache[name] = value
  dirty[name] = true
end

local function save()
  local put, drop = {}, {}
  for name in pairs(dirty) do
    local value = cache[name]
    if value then
      put[#put + 1] = name
      put[#put + 1] = value
    else
      drop[#drop + 1] = name
    end
  end
  dirty = {}
  for first = 1, #put, SLICE do
    redis.call('HSET', SESSION, unpack(put, first, math.min(#put, first + SLICE - 1)))
  end
  for first = 1, #drop, SLICE do
    redis.call('HDEL', SESSION, unpack(drop, first, math.min(#drop, first + SLICE - 1)))
  end
end

-- the lives that the caller knows to be current, after a plus where it has put this engine above another
local known = take()
local tiered = string.sub(known, 1, 1) == '+'
fetch({ 'v', 'e', 'l', 't', 'j' })
if get('v') and tonumber(get('v')) > SCHEMA then
  return redis.error_reply('HOLDFASTSCHEMA ' .. get('v'))
end
`;
