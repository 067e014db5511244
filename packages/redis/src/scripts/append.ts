import { CHUNK_BYTES } from './message.ts';

/**
 * The most frequent commit in a straight line, before anything of the general case is set up: one append in its place to
 * a message that stands. Whatever is not as it should be, the general case decides; it also takes away what is too old.
 * The arguments are those of a commit of one job with one append. Above another engine the session must be joined.
 */
export const APPEND = String.raw`
if #ARGV == 11 and ARGV[3] == '1' and ARGV[7] == 'a' and ARGV[9] ~= '' then
  local call = redis.call
  local serial, data = ARGV[8], ARGV[9]
  local found = call('HMGET', KEYS[1], 'v', 'e', 'l', 't', 'b', serial, serial .. 'd', 'j')
  local line, open = found[6], found[7]
  local isTiered = string.sub(ARGV[1], 1, 1) == '+'
  local isJoined = found[8] and true or false
  if line and found[1] == '1' and isTiered == isJoined and string.find(ARGV[1], found[3], 1, true) then
    local rewritten, length, chunks, bytes, annotated, owner =
      string.match(line, '^%d+ (%d+) (%d+) (%d+) (%d+) l (%d+) (.*)$')
    local most, age = string.match(ARGV[2], '^(%d+) (%d+)')
    local size = (bytes or 0) + #data
    if owner == ARGV[4] and length == ARGV[11] and size <= tonumber(most) and #open + #data <= ${CHUNK_BYTES} then
      local time = call('TIME')
      local tick = math.max(found[4] + 1, (time[1] * 1000 + math.floor(time[2] / 1000)) * 1024)
      local version = string.format('%.0f', tick)
      local state = string.format('%s %s %.0f %s %.0f l %s %s',
        version, rewritten, length + ARGV[10], chunks, size, annotated, owner)
      call('HSET', KEYS[1], 't', version, 'b', string.format('%.0f', found[5] + #data), serial, state, serial .. 'd', open .. data)
      call('ZADD', KEYS[4], version, serial)
      if age ~= '0' then
        for _, index in ipairs({ 1, 3, 4, 5 }) do call('PEXPIRE', KEYS[index], age) end
      end
      call('SPUBLISH', KEYS[2], '{"e":"' .. found[2] .. '","p":' .. found[4] .. ',"t":' .. version
        .. ',"c":[["a",' .. serial .. ',' .. version .. ',' .. length .. ',"' .. data .. '"]]}')
      return { '', '[[[' .. serial .. ',' .. version .. ']]]' }
    end
  end
end
`;
