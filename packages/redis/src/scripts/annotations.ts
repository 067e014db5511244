/**
 * Annotation counts of a message, from which summaries are made: rows of type, name, client (`=` and its id; empty for an
 * unidentified one) and count, in the order in which they were first counted. Strings are JSON with quotes.
 */
export const ANNOTATIONS = String.raw`
local function row_key(type, name, client)
  return '\n[' .. type .. ',' .. name .. ',' .. client .. ','
end

local function count_of(rows, key)
  local first, stop = string.find(rows, key, 1, true)
  if not first then return 0 end
  local close = string.find(rows, ']', stop, true)
  return tonumber(string.sub(rows, stop + 1, close - 1)), first, close
end

local function with_count(rows, key, count)
  local _, first, close = count_of(rows, key)
  local row = count > 0 and key .. int(count) .. ']' or ''
  if not first then return rows .. row end
  return string.sub(rows, 1, first - 1) .. row .. string.sub(rows, close + 1)
end

-- without what a client has counted under other names
local function without_others(rows, type, client, key)
  local prefix, suffix = '\n[' .. type .. ',', ',' .. client .. ',1]'
  return (string.gsub(rows, '\n[^\n]*', function(row)
    local other = string.sub(row, 1, #prefix) == prefix and string.sub(row, -#suffix) == suffix
    if other and string.sub(row, 1, #key) ~= key then return '' end
    return row
  end))
end

local function fold(rows, draft, client)
  local added = draft.action == '+'
  local named = draft.method ~= 'total' and draft.method ~= 'flag'
  local key = row_key(draft.type, named and draft.name or '""', draft.method == 'total' and '""' or client)
  local count = count_of(rows, key)
  if draft.method == 'total' then return with_count(rows, key, count + (added and 1 or -1)) end
  if draft.method ~= 'multiple' then
    if added and draft.method == 'unique' then rows = without_others(rows, draft.type, client, key) end
    return with_count(rows, key, added and 1 or 0)
  end
  if added then return with_count(rows, key, count + draft.count) end
  return with_count(rows, key, client == '""' and count - 1 or 0)
end
`;
