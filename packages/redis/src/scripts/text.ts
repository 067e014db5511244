/** Whether JSON-escaped text has other such text at an offset in UTF-16 code units: an append that came before. */
export const TEXT = String.raw`
-- characters of one width: pattern, bytes, code units
local ASCII = { '^[%z\1-\91%]\94-\127]+', 1, 1 }
local TWO = { '^[\194-\223\128-\191]+', 2, 1 }
local THREE = { '^[\224-\239\128-\191]+', 3, 1 }
local FOUR = { '^[\240-\244\128-\191]+', 4, 2 }

-- the byte position so many code units further on, and 1 where that has passed the middle of a pair
local function skip(text, position, units)
  while units > 0 do
    local byte = string.byte(text, position)
    if not byte then return nil end
    if byte == 92 then
      position = position + (string.byte(text, position + 1) == 117 and 6 or 2)
      units = units - 1
    else
      local run = byte < 128 and ASCII or byte < 224 and TWO or byte < 240 and THREE or FOUR
      local _, stop = string.find(text, run[1], position)
      local characters = math.min((stop - position + 1) / run[2], math.ceil(units / run[3]))
      position = position + characters * run[2]
      units = units - characters * run[3]
    end
  end
  return position, -units
end

-- pairs as two escapes, as they are where an append has cut them
local function escape_pairs(text)
  return (string.gsub(text, '[\240-\244][\128-\191][\128-\191][\128-\191]', function(character)
    local a, b, c, d = string.byte(character, 1, 4)
    local code = (a - 240) * 262144 + (b - 128) * 4096 + (c - 128) * 64 + (d - 128) - 65536
    return string.format('\\u%04x\\u%04x', 55296 + math.floor(code / 1024), 56320 + code % 1024)
  end))
end

local function has_at(text, offset, data, length)
  local from, before = skip(text, 1, offset)
  if not from then return false end
  from = from - 4 * before
  local stop, beyond = skip(text, from, length + before)
  if not stop then return false end
  local piece = escape_pairs(string.sub(text, from, stop - 1))
  return string.sub(piece, 1 + 6 * before, #piece - 6 * beyond) == escape_pairs(data)
end
`;
