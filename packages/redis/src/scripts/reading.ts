/** Messages changed after a position, in order of change; none where the position proves nothing or it is too much. */
export const CHANGES = String.raw`
local BY_CHANGE = KEYS[3]
local from, since, budget = take(), tonumber(take()), tonumber(take())
local retained = tonumber(get('r') or '0')
-- the beginning of a session that had nothing yet is good in every epoch
local proven = since == 0 and from == '0' or from == epoch and since <= last and since >= retained
if not proven then return { learned, 'null' } end
local serials = redis.call('ZRANGE', BY_CHANGE, '(' .. int(since), '+inf', 'BYSCORE')
fetch(serials)
local states = {}
for index, serial in ipairs(serials) do
  states[index] = state_of(serial)
  budget = budget - tonumber(states[index].bytes)
end
if budget < 0 then return { learned, 'null' } end
fetch_all(states)
local messages = {}
for index, state in ipairs(states) do messages[index] = message_json(state) end
return { learned, '{"e":"' .. epoch .. '","t":' .. int(last) .. ',"m":[' .. table.concat(messages, ',') .. ']}' }
`;

/** Messages newest first, up to a count and about so many bytes, and whether there are more. */
export const PAGE = String.raw`
local BY_SERIAL = KEYS[3]
local from, until_tick, below, limit, budget = take(), take(), take(), tonumber(take()), tonumber(take())
local highest = '+inf'
if from == '0' and until_tick == '0' or from == epoch then highest = until_tick end
if below ~= '' and (highest == '+inf' or tonumber(below) <= tonumber(highest)) then highest = '(' .. below end
local serials = redis.call('ZRANGE', BY_SERIAL, highest, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit + 1)
fetch(serials)
local states = {}
for index = 1, math.min(#serials, limit) do
  local state = state_of(serials[index])
  budget = budget - tonumber(state.bytes)
  if budget < 0 and index > 1 then break end
  states[index] = state
end
fetch_all(states)
local messages = {}
for index, state in ipairs(states) do messages[index] = message_json(state) end
local more = #serials > #messages and 'true' or 'false'
return { learned, '{"m":[' .. table.concat(messages, ',') .. '],"n":' .. more .. '}' }
`;

/** One message. */
export const ONE = String.raw`
local state = state_of(take())
return { learned, state and message_json(state) or 'null' }
`;

/** Single annotations of a message, oldest first. */
export const ANNOTATION_PAGE = String.raw`
local INDEX = KEYS[3]
local serial, after, limit = take(), take(), tonumber(take())
if not get(serial) then return { learned, 'null' } end
local start = after == '' and '[' .. serial .. ':' or '(' .. serial .. ':' .. after .. ';'
local found = redis.call('ZRANGE', INDEX, start, '(' .. serial .. ';', 'BYLEX', 'LIMIT', 0, limit)
local annotations = {}
for index, member in ipairs(found) do
  annotations[index] = annotation_json(serial, string.match(member, '^%d+:%d+:(.*)$'))
end
return { learned, '[' .. table.concat(annotations, ',') .. ']' }
`;
