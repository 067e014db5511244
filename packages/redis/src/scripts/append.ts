import { LIFE } from './clock.ts';
import { GROWING } from './message.ts';

/**
 * The most frequent commit in a straight line: appends in their place to messages that stand, of one session or of several.
 * Says the version of each, or 0 where not all is as it should be: nothing was done for that one and those after it in its
 * session, and the general case decides. It also takes away what is too old or too much.
 *
 * After the lives and the limits (bytes of a message, age in milliseconds, bytes of all messages; 0 for none) come owner, serial, data, its length and its
 * offset of each; the keys are of each as well. Above another engine a session must be joined.
 */
export const APPEND = String.raw`
${LIFE}
${GROWING}
local call = redis.call
local known = ARGV[1]
local most, age, size = string.match(ARGV[2], '^(%d+) (%d+) (%d+)')
most, size = tonumber(most), tonumber(size)
local is_tiered = string.sub(known, 1, 1) == '+'
local time = call('TIME')
local now = (time[1] * 1000 + math.floor(time[2] / 1000)) * 1024

local function is_current(life)
  return string.find(known, life, 1, true) or life == (learned ~= '' and learned or current_life())
end

local function append(key, at)
  local session, serial, data = KEYS[key], ARGV[at + 1], ARGV[at + 2]
  local tail = serial .. 'd'
  local found = call('HMGET', session, 'v', 'e', 'l', 't', 'b', serial, tail, 'j')
  local line, open = found[6], found[7]
  local is_joined = found[8] and true or false
  if not line or found[1] ~= '1' or is_tiered ~= is_joined or not is_current(found[3]) then return nil end
  local rewritten, length, chunks, bytes, annotated, owner =
    string.match(line, '^%d+ (%d+) (%d+) (%d+) (%d+) l (%d+) (.*)$')
  if owner ~= ARGV[at] or length ~= ARGV[at + 4] or bytes + #data > most then return nil end
  if size > 0 and found[5] + #data > size then return nil end
  if open ~= '' and #open + #data > TAIL then
    -- now and then, for what may be too old
    if age ~= '0' then return nil end
    local count, chunk = pour(open, tonumber(chunks), function(index)
      return call('HGET', session, tail .. string.format('%.0f', index))
    end)
    chunks = string.format('%.0f', count)
    call('HSET', session, tail .. chunks, chunk)
    open = ''
  end
  local version = string.format('%.0f', math.max(found[4] + 1, now))
  local state = string.format('%s %s %.0f %s %.0f l %s %s',
    version, rewritten, length + ARGV[at + 3], chunks, bytes + #data, annotated, owner)
  call('HSET', session, 't', version, 'b', string.format('%.0f', found[5] + #data), serial, state, tail, open .. data)
  call('ZADD', KEYS[key + 2], version, serial)
  if age ~= '0' then
    for index = key, key + 4 do
      if index ~= key + 1 then call('PEXPIRE', KEYS[index], age) end
    end
  end
  call('SPUBLISH', KEYS[key + 1], '{"e":"' .. found[2] .. '","p":' .. found[4] .. ',"t":' .. version
    .. ',"c":[["a",' .. serial .. ',' .. version .. ',' .. length .. ',"' .. data .. '"]]}')
  return version
end

local versions, left = {}, {}
local count = (#ARGV - 2) / 5
local width = #KEYS / count
for index = 1, count do
  local key = (index - 1) * width + 1
  local session = KEYS[key]
  if not left[session] then
    -- an error is the general case's to find again: it must not stop the others
    local is_done, version = pcall(append, key, index * 5 - 2)
    versions[index] = is_done and version
    left[session] = not versions[index]
  end
  versions[index] = versions[index] or '0'
end
return { learned, '[' .. table.concat(versions, ',') .. ']' }
`;
