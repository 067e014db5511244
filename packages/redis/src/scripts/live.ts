/** Where a session stands: its head, the last presence event, and in how many milliseconds the next lease runs out. */
const STAND = String.raw`
sweep()
local next_lease = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')[2]
local stand = '{"e":"' .. epoch .. '","p":' .. int(last) .. ',"t":' .. int(last)
  .. ',"v":' .. (redis.call('HGET', BOARD, 'v') or '0')
  .. ',"x":' .. (next_lease and int(tonumber(next_lease) - now()) or '-1') .. '}'
`;

export const HEAD = String.raw`
${STAND}
return { learned, stand }
`;

/**
 * Tells every subscriber where the session stands, in the order of its changes: whoever stands elsewhere has missed
 * some.
 */
export const PROBE = String.raw`
${STAND}
redis.call('SPUBLISH', LIVE, stand)
return { learned, 'null' }
`;

export const SIGNAL = String.raw`
redis.call('SPUBLISH', LIVE, '{"s":' .. take() .. ',"a":' .. int(now()) .. '}')
return { learned, 'null' }
`;
