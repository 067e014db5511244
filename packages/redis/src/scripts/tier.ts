/**
 * The hot engine of two. Field `j`, where the session is joined: the fence, how often messages were dropped since, the
 * newest serial and the last change that the cold store has, as ticks. A new epoch takes the field away.
 */
export const TIER = String.raw`
local fence, drops, newest_below, changed_below = '', 0, 0, 0
if get('j') then
  fence, drops, newest_below, changed_below = string.match(get('j'), '^(%S+) (%d+) (%d+) (%d+)$')
  drops, newest_below, changed_below = tonumber(drops), tonumber(newest_below), tonumber(changed_below)
  if not tiered then return redis.error_reply('HOLDFASTTIERED A part of this session lies in a cold store.') end
end

local function put_joined()
  set('j', table.concat({ fence, int(drops), int(newest_below), int(changed_below) }, ' '))
end

-- changes with whatever may make a look below outdated
local function stand_below()
  return fence .. ' ' .. int(drops)
end

local function mark()
  return (get('e') and epoch or '') .. ' ' .. fence
end
`;

/** A session that has no messages here is forgotten after so long, in milliseconds: a day. */
const FORGET_MS = 86_400_000;

/** Taking in messages from below with a commit, if nothing was dropped since the caller looked there. */
export const RECALL = String.raw`
-- where the caller has looked below for all that its first job names
local looked = false

local function recall_one()
  local entry = {}
  for _, name in ipairs({
    'serial', 'version', 'rewritten', 'length', 'bytes', 'standing', 'annotated', 'owner', 'id', 'fixed', 'data', 'rows',
  }) do entry[name] = take() end
  local notes = {}
  for index = 1, tonumber(take()) do notes[index] = { take(), take(), take() } end
  if not looked or get(entry.serial) then return end
  entry.chunks = '0'
  put_state(entry)
  set(entry.serial .. 'f', entry.fixed)
  set(entry.serial .. 'd', entry.data)
  set(entry.serial .. 'a', entry.rows ~= '' and entry.rows)
  set('i' .. entry.id, entry.serial)
  total = total + tonumber(entry.bytes)
  mark_index(created, tonumber(entry.serial), entry.serial)
  mark_index(touched, changed_at(entry), entry.serial)
  for _, note in ipairs(notes) do
    set(entry.serial .. 'n' .. note[1], note[3])
    noted[#noted + 1] = '0'
    noted[#noted + 1] = entry.serial .. ':' .. note[2] .. ':' .. note[1]
  end
end

local function recall()
  looked = take() == stand_below()
  for _ = 1, tonumber(take()) do recall_one() end
end

local function is_below(serial)
  return not get(serial) and tonumber(serial) <= newest_below
end

-- whether operations name what isn't here and may be below
local function is_lacking(ops)
  if newest_below == 0 then return false end
  if looked then
    looked = false
    return false
  end
  for _, op in ipairs(ops) do
    if op.kind ~= 'c' then
      if is_below(op.serial) then return true end
    elseif not get('i' .. op.id) or op.seals ~= '' and is_below(op.seals) then
      return true
    end
  end
  return false
end
`;

/** Where the session stands; of one that is apart also its messages' last changes. */
export const STANDING = String.raw`
local BY_CHANGE = KEYS[3]
local standing = '"mark":"' .. mark() .. '"'
if get('j') then
  return { learned, '{' .. standing .. ',"newest":' .. int(newest_below) .. ',"changed":' .. int(changed_below) .. '}' }
end
if not get('e') then return { learned, '{' .. standing .. '}' } end
local copies = {}
local found = redis.call('ZRANGE', BY_CHANGE, 0, -1)
fetch(found)
for index, serial in ipairs(found) do
  copies[index] = '[' .. serial .. ',' .. int(changed_at(state_of(serial))) .. ']'
end
return { learned, '{' .. standing .. ',"copies":[' .. table.concat(copies, ',') .. ']}' }
`;

const DROPPING = String.raw`
local function take_copies(each)
  for _ = 1, tonumber(take()) do
    local state, changed = state_of(take()), take()
    if state and int(changed_at(state)) == changed then
      forget(state)
      each(tonumber(state.serial), tonumber(changed))
    end
  end
end

local function finish()
  set('b', int(total))
  save()
  if redis.call('EXISTS', BY_SERIAL) == 1 then return end
  -- written anew, or the little that is left would take as much room as a large hash does
  local rest = redis.call('HGETALL', SESSION)
  redis.call('DEL', SESSION)
  redis.call('HSET', SESSION, unpack(rest))
  redis.call('PEXPIRE', SESSION, ${FORGET_MS})
end
`;

export const JOIN = String.raw`
${DROPPING}
if take() ~= mark() then return { learned, 'false' } end
local previous = last
if not get('e') then begin_epoch(current_life()) end
fence = take()
drops = 0
newest_below = math.max(newest_below, tonumber(take()))
changed_below = math.max(changed_below, tonumber(take()))
take_copies(function() end)
last = math.max(last, changed_below)
set('t', int(last))
put_joined()
finish()
redis.call('SPUBLISH', LIVE, '{"e":"' .. epoch .. '","p":' .. int(previous) .. ',"t":' .. int(last) .. '}')
return { learned, 'true' }
`;

export const DROP = String.raw`
${DROPPING}
if not get('j') then return { learned, '0' } end
local dropped = 0
take_copies(function(serial, changed)
  dropped = dropped + 1
  newest_below = math.max(newest_below, serial)
  changed_below = math.max(changed_below, changed)
end)
if dropped > 0 then
  drops = drops + 1
  put_joined()
  finish()
end
return { learned, int(dropped) }
`;

/** Messages whose last change is old enough, up to a count and about so many bytes; when the oldest other was changed. */
export const SETTLED = String.raw`
local BY_CHANGE, ANNOTATIONS_INDEX = KEYS[3], KEYS[4]
if not get('j') then return { learned, 'null' } end
local idle, limit, budget = tonumber(take()), tonumber(take()), tonumber(take())
local latest = idle > 0 and int((now() - idle) * TICKS_PER_MS) or '+inf'
local serials = redis.call('ZRANGE', BY_CHANGE, '-inf', latest, 'BYSCORE', 'LIMIT', 0, limit)
local young = latest ~= '+inf' and redis.call('ZRANGE', BY_CHANGE, '(' .. latest, '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')[2]
fetch(serials)
local states = {}
for index, serial in ipairs(serials) do
  local state = state_of(serial)
  budget = budget - tonumber(state.bytes)
  if budget < 0 and index > 1 then break end
  states[index] = state
end
fetch_all(states)
local entries = {}
for index, state in ipairs(states) do
  local serial, notes = state.serial, {}
  for at_note, member in ipairs(redis.call('ZRANGE', ANNOTATIONS_INDEX, '[' .. serial .. ':', '(' .. serial .. ';', 'BYLEX')) do
    local id = string.match(member, '^%d+:%d+:(.*)$')
    notes[at_note] = annotation_json(serial, id)
  end
  entries[index] = table.concat({
    '[' .. message_json(state), '"' .. fixed_of(serial).print .. '"', state.bytes, '[' .. table.concat(notes, ',') .. ']]',
  }, ',')
end
return { learned, '{"f":"' .. fence .. '","m":[' .. table.concat(entries, ',') .. '],"n":'
  .. (young and int(tonumber(young)) or 'null') .. '}' }
`;
