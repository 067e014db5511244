import { GROWING } from './message.ts';

/** What the operations do to messages, as `planCommit` of @holdfast/channel decides it. A refusal is a table. */
export const CHANGING = String.raw`
${GROWING}
local outcomes, changes = {}, {}
-- to add to the indexes: pairs of score and member
local created, touched, noted = {}, {}, {}

local function accept(serial, version)
  outcomes[#outcomes + 1] = '[' .. serial .. ',' .. version .. ']'
end

local function mark_index(index, tick, serial)
  index[#index + 1] = int(tick)
  index[#index + 1] = serial
end

local function sum(id, name, headers, data, length)
  -- brackets and commas of a JSON array of four, quotes of the id and of text
  return 7 + #id + #name + #headers + #data + (length == '-' and 0 or 2)
end

local function tell_message(state)
  changes[#changes + 1] = '["m",' .. message_json(state) .. ']'
end

local function rewrite(state)
  local version = tick()
  state.version = int(version)
  state.rewritten = state.version
  put_state(state)
  mark_index(touched, version, state.serial)
  tell_message(state)
end

local function put_content(state, fixed, data, length)
  for _, name in ipairs(chunk_names(state)) do set(name, false) end
  set(state.serial .. 'd', data)
  set(state.serial .. 'f', table.concat({
    fixed.id, fixed.name, fixed.headers, fixed.print, fixed.timestamp, fixed.claims,
  }, '\n'))
  local bytes = sum(fixed.id, fixed.name, fixed.headers, data, length)
  total = total + bytes - tonumber(state.bytes)
  state.chunks = '0'
  state.length = length
  state.bytes = int(bytes)
end

-- the message, if this publisher may change it; else a refusal
local function own(job, serial, allow_deleted)
  local state = state_of(serial)
  if not state then return nil, { 'none' } end
  if state.owner ~= job.owner then return nil, { 'owner' } end
  local deleted = state.standing == 'd' or state.standing == 'x'
  if deleted and not allow_deleted then return nil, { 'gone' } end
  if state.standing == 's' or state.standing == 'x' then return nil, { 'sealed' } end
  return state
end

-- a refusal, or the message that was created with the id before
local function check_create(job, op)
  local serial = get('i' .. op.id)
  if serial then
    local before = state_of(serial)
    if before.owner == job.owner and fixed_of(serial).print == op.print then return nil, before end
    return { 'used' }
  end
  if op.seals ~= '' and not get(op.seals) then return { 'none' } end
  local bytes = sum(op.id, op.name, op.headers, op.data, op.length)
  if bytes > job.max then return { 'large', int(bytes) } end
end

local apply = {}

function apply.c(job, op)
  local refusal, before = check_create(job, op)
  if refusal then return refusal end
  if before then return accept(before.serial, before.version) end
  local version = tick()
  local serial = int(version)
  local state = {
    serial = serial, version = serial, rewritten = serial, chunks = '0', bytes = '0', standing = 'l', annotated = '0',
    owner = job.owner,
  }
  op.timestamp = int(now())
  op.claims = job.claims
  put_content(state, op, op.data, op.length)
  put_state(state)
  set('i' .. op.id, serial)
  cache[serial .. 'a'] = false
  mark_index(created, version, serial)
  mark_index(touched, version, serial)
  tell_message(state)
  accept(serial, serial)
  local sealed = op.seals ~= '' and state_of(op.seals)
  if sealed and (sealed.standing == 'l' or sealed.standing == 'd') then
    sealed.standing = sealed.standing == 'l' and 's' or 'x'
    rewrite(sealed)
  end
end

function apply.a(job, op)
  local state, refusal = own(job, op.serial)
  if refusal then return refusal end
  if state.length == '-' then return { 'text' } end
  if op.data == '' then return accept(op.serial, state.version) end
  local length, offset = tonumber(state.length), tonumber(op.offset)
  if offset ~= length then
    if has_at(data_of(state), offset, op.data, tonumber(op.length)) then return accept(op.serial, state.version) end
    return { 'offset', state.length }
  end
  local bytes = tonumber(state.bytes) + #op.data
  if bytes > job.max then return { 'large', int(bytes) } end
  local open = get(op.serial .. 'd')
  if open ~= '' and #open + #op.data > TAIL then
    local chunks, chunk = pour(open, tonumber(state.chunks), function(index)
      return get(op.serial .. 'd' .. int(index))
    end)
    state.chunks = int(chunks)
    set(op.serial .. 'd' .. state.chunks, chunk)
    open = ''
  end
  set(op.serial .. 'd', open .. op.data)
  local version = tick()
  total = total + #op.data
  state.version = int(version)
  state.length = int(length + tonumber(op.length))
  state.bytes = int(bytes)
  put_state(state)
  mark_index(touched, version, op.serial)
  changes[#changes + 1] = table.concat({ '["a",' .. op.serial, state.version, op.offset, '"' .. op.data .. '"]' }, ',')
  accept(op.serial, state.version)
end

function apply.u(job, op)
  local state, refusal = own(job, op.serial)
  if refusal then return refusal end
  local fixed = fixed_of(op.serial)
  if op.name ~= '' then fixed.name = op.name end
  if op.headers ~= '' then fixed.headers = op.headers end
  local bytes = sum(fixed.id, fixed.name, fixed.headers, op.data, op.length)
  if bytes > job.max then return { 'large', int(bytes) } end
  put_content(state, fixed, op.data, op.length)
  rewrite(state)
  accept(op.serial, state.version)
end

function apply.d(job, op)
  local state, refusal = own(job, op.serial, true)
  if refusal then return refusal end
  if state.standing == 'd' then return accept(op.serial, state.version) end
  local fixed = fixed_of(op.serial)
  fixed.headers = '{}'
  state.standing = 'd'
  put_content(state, fixed, '', '0')
  rewrite(state)
  accept(op.serial, state.version)
end

function apply.n(job, op)
  local state = state_of(op.serial)
  if not state then return { 'none' } end
  if state.standing == 'd' or state.standing == 'x' then return { 'gone' } end
  local field = op.serial .. 'n' .. op.id
  local before = get(field)
  if before then
    local version, client, content = string.match(before, '^(%d+) %d+\n([^\n]*)\n[^\n]*\n(.*)$')
    if client ~= job.client or content ~= op.content then return { 'annotation' } end
    return accept(op.serial, version)
  end
  local identified = op.method == 'flag' or op.method == 'distinct' or op.method == 'unique'
  if identified and job.client == '""' then return { 'anonymous' } end
  local version = tick()
  state.annotated = int(version)
  set(op.serial .. 'a', fold(get(op.serial .. 'a') or '', op, job.client))
  set(field, table.concat({ state.annotated .. ' ' .. int(now()), job.client, op.data, op.content }, '\n'))
  put_state(state)
  mark_index(touched, version, op.serial)
  noted[#noted + 1] = '0'
  noted[#noted + 1] = op.serial .. ':' .. state.annotated .. ':' .. op.id
  changes[#changes + 1] = '["n",' .. op.serial .. ',' .. state.annotated .. ',' .. rows_of(op.serial) .. ']'
  accept(op.serial, state.annotated)
end
`;
