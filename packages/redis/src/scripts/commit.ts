/**
 * Applies jobs to one session, each the operations of one publisher: dedupes, checks, assigns serials and versions, folds
 * into the messages, stores and publishes, or does nothing at all.
 */
export const COMMIT = String.raw`

-- beyond this, subscribers are told to read instead
local MAX_PAYLOAD = 524288
-- operations by their letter: the names of what follows
local OPERATIONS = {
  c = { 'id', 'name', 'headers', 'data', 'length', 'print', 'seals' },
  a = { 'serial', 'data', 'length', 'offset' },
  u = { 'serial', 'name', 'headers', 'data', 'length' },
  d = { 'serial' },
  n = { 'serial', 'id', 'action', 'method', 'type', 'name', 'count', 'data', 'content' },
}

local previous = last

-- pairs of score and member
local function add(index, pairs_of)
  for first = 1, #pairs_of, SLICE do
    redis.call('ZADD', index, unpack(pairs_of, first, math.min(#pairs_of, first + SLICE - 1)))
  end
end

local function take_operation()
  local op = { kind = take() }
  for _, name in ipairs(OPERATIONS[op.kind]) do op[name] = take() end
  if op.count then op.count = tonumber(op.count) end
  return op
end

-- creates only are taken all or none, so they are looked at beforehand
local function check_creates(job, ops)
  local seen = {}
  for _, op in ipairs(ops) do
    if op.kind ~= 'c' then return nil end
  end
  for index, op in ipairs(ops) do
    local print = seen[op.id]
    local refusal = print and print ~= op.print and { 'used' } or not print and check_create(job, op)
    if refusal then return refusal, index end
    seen[op.id] = op.print
  end
end

-- which operation was refused counts from 0
local function encode(refusal, index)
  return '["' .. refusal[1] .. '",' .. (refusal[2] or '0') .. ',' .. int(index - 1) .. ']'
end

local function run(job)
  local ops = {}
  for index = 1, tonumber(take()) do ops[index] = take_operation() end
  if is_lacking(ops) then return nil end
  outcomes = {}
  local refusal, refused
  if #ops > 1 then refusal, refused = check_creates(job, ops) end
  for index = 1, #ops do
    refusal = refusal or apply[ops[index].kind](job, ops[index])
    if refusal then
      outcomes[#outcomes + 1] = encode(refusal, refused or index)
      break
    end
  end
  return '[' .. table.concat(outcomes, ',') .. ']'
end

local max, age, size, recalled = string.match(take(), '^(%d+) (%d+) (%d+)(.*)$')
age, size = tonumber(age), tonumber(size)
if tiered and not get('j') then return { learned, '"apart"' } end
if recalled ~= '' then recall() end
local results = {}
for index = 1, tonumber(take()) do
  local job = { max = tonumber(max), owner = take(), claims = take() }
  local client = string.match(job.owner, '^client:(.*)$')
  job.client = client and '"=' .. client .. '"' or '""'
  local result = run(job)
  results[index] = result or '"' .. stand_below() .. '"'
  -- what comes after a job that must look below first waits for it
  if not result then break end
end

if #changes > 0 then
  if not get('e') then begin_epoch(current_life()) end
  retain(age, size)
  set('t', int(last))
  set('b', int(total))
  save()
  add(BY_SERIAL, created)
  add(BY_CHANGE, touched)
  add(ANNOTATIONS_INDEX, noted)
  if tiered then redis.call('PERSIST', SESSION) end
  if age > 0 then
    for index = 1, 5 do
      if index ~= 2 then redis.call('PEXPIRE', KEYS[index], age) end
    end
  end
  local body = '{"e":"' .. epoch .. '","p":' .. int(previous) .. ',"t":' .. int(last)
  local payload = body .. ',"c":[' .. table.concat(changes, ',') .. ']}'
  redis.call('SPUBLISH', LIVE, #payload > MAX_PAYLOAD and body .. '}' or payload)
end
return { learned, '[' .. table.concat(results, ',') .. ']' }
`;
