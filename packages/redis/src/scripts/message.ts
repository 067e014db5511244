/**
 * How text grows. Appends collect in a field of their own, which is written anew with each of them: it is short, and poured
 * into the last chunk when it is full. Chunks are longer, for a field takes room. So an append costs the same however long
 * the message is.
 */
export const GROWING = String.raw`
local TAIL, CHUNK = 384, 2048

-- which chunk takes the end of a text, how many there are then, and what the last one held is now
local function pour(open, chunks, read)
  local last = chunks > 0 and read(chunks) or nil
  if last and #last + #open <= CHUNK then return chunks, last .. open end
  return chunks + 1, open
end
`;

/**
 * A message's fields, by its serial: `<serial>` its state, `<serial>f` what is fixed but for updates, `<serial>d` the end
 * of its data and `<serial>d1` … what comes before, `<serial>a` its annotation counts. Strings are JSON, escaped and
 * without quotes, so that text grows by appending and the size is a length; `length` is in UTF-16 code units, `-` for
 * data that is no string. Standing: `l` as it is, `d` deleted, `s` sealed, `x` both.
 */
export const MESSAGE = String.raw`
local function state_of(serial)
  local line = get(serial)
  if not line then return nil end
  local state = { serial = serial }
  state.version, state.rewritten, state.length, state.chunks, state.bytes, state.standing, state.annotated, state.owner =
    string.match(line, '^(%d+) (%d+) (%S+) (%d+) (%d+) (%a) (%d+) (.*)$')
  return state
end

local function put_state(state)
  set(state.serial, table.concat({
    state.version, state.rewritten, state.length, state.chunks, state.bytes, state.standing, state.annotated, state.owner,
  }, ' '))
end

local function changed_at(state)
  return math.max(tonumber(state.version), tonumber(state.annotated))
end

local function fixed_of(serial)
  local fixed = {}
  fixed.id, fixed.name, fixed.headers, fixed.print, fixed.timestamp, fixed.claims =
    string.match(get(serial .. 'f'), '^([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n(.*)$')
  return fixed
end

local function chunk_names(state)
  local names = {}
  for index = 1, tonumber(state.chunks) do names[index] = state.serial .. 'd' .. index end
  return names
end

local function data_of(state)
  local names = chunk_names(state)
  names[#names + 1] = state.serial .. 'd'
  local missing = {}
  for _, name in ipairs(names) do
    if cache[name] == nil then missing[#missing + 1] = name end
  end
  fetch(missing)
  local parts = {}
  for index, name in ipairs(names) do parts[index] = cache[name] end
  return table.concat(parts)
end

local function rows_of(serial)
  return '[' .. string.gsub(string.sub(get(serial .. 'a') or '', 2), '\n', ',') .. ']'
end

-- reads ahead what message_json needs
local function fetch_all(states)
  local names = {}
  for _, state in ipairs(states) do
    for _, suffix in ipairs({ 'f', 'd', 'a' }) do names[#names + 1] = state.serial .. suffix end
  end
  fetch(names)
end

-- as decode.ts reads it
local function message_json(state)
  local serial = state.serial
  local fixed = fixed_of(serial)
  local data = data_of(state)
  if state.length ~= '-' then data = '"' .. data .. '"' end
  return table.concat({
    '[' .. serial, state.version, state.rewritten, '"' .. state.standing .. '"', '"' .. state.owner .. '"',
    '"' .. fixed.id .. '"', fixed.name, fixed.headers, fixed.timestamp, fixed.claims == '' and 'null' or fixed.claims,
    data, state.annotated, rows_of(serial) .. ']',
  }, ',')
end
`;

/** A single annotation's field: `<serial>n<id>`. */
export const ANNOTATION = String.raw`
-- as decode.ts reads it
local function annotation_json(serial, id)
  local version, timestamp, client, data, content =
    string.match(get(serial .. 'n' .. id), '^(%d+) (%d+)\n([^\n]*)\n([^\n]*)\n(.*)$')
  return '[' .. table.concat({ '"' .. id .. '"', version, timestamp, client, data, content }, ',') .. ']'
end
`;
