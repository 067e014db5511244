/** Which life this server has; the caller is told what was learned. */
export const LIFE = String.raw`
local learned = ''
local function current_life()
  local info = redis.pcall('INFO', 'replication')
  local id = type(info) == 'string' and string.match(info, 'master_replid:(%x+)')
  learned = string.sub(id or 'unknown', 1, 16)
  return learned
end
`;

/**
 * Ticks of the hybrid clock by Redis's own time, and epochs. A life is the server's replication id, which changes when a
 * server restarts or a replica takes over: then the newest changes may be gone, so positions of before prove nothing,
 * and ticks jump ahead of any that the lost life can have issued (P28). Asking for it costs more than a commit, so the
 * caller says which lives it knows to be current, and the script asks only where the session's is none of them.
 */
export const CLOCK = String.raw`
local TICKS_PER_MS = 1024
-- how far the clock of the server before may have been ahead of this one's
local LEAP_MS = 60000

local time
local function now()
  if not time then
    local parts = redis.call('TIME')
    time = parts[1] * 1000 + math.floor(parts[2] / 1000)
  end
  return time
end

local epoch = get('e') or '0'
local last = tonumber(get('t') or '0')

local function tick()
  last = math.max(last + 1, now() * TICKS_PER_MS)
  return last
end

${LIFE}
local function begin_epoch(life)
  epoch = string.sub(life, 1, 4) .. int(math.max(last, now() * TICKS_PER_MS))
  set('v', int(SCHEMA))
  set('e', epoch)
  set('l', life)
  if get('j') then set('j', false) end
end

if get('l') and not string.find(known, get('l'), 1, true) and current_life() ~= get('l') then
  last = math.max(last, (now() + LEAP_MS) * TICKS_PER_MS)
  begin_epoch(learned)
  set('t', int(last))
  save()
  redis.call('SPUBLISH', LIVE, '{"e":"' .. epoch .. '","p":' .. int(last) .. ',"t":' .. int(last) .. '}')
end
`;
