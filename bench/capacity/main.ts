// What one session, append and viewer cost, measured at a small size; what a larger one should then take, and takes; and what
// a million open sessions need. `npm run bench:capacity`, less than a minute.
import { cpus, loadavg } from 'node:os';
import { measure } from './measure.ts';
import { MILLION } from './million.ts';
import { need, type Costs } from './model.ts';
import { print, round, tableOf } from './report.ts';
import { rehearse } from './rehearse.ts';
import { openWorld } from './world.ts';

const began = performance.now();
const [core] = cpus();
console.log(
  `${cpus().length} × ${core?.model.trim() ?? 'an unknown core'}, load ${loadavg()[0]?.toFixed(1)}`,
);
const world = await openWorld();
let costs: Costs;
try {
  costs = await measure(world);
  print('Costs', tableOf(costs));
  const rows = await rehearse(world, costs);
  print('Three times the size, all at once', [
    ['', 'predicted', 'measured', 'measured / predicted'],
    ...rows.map(({ what, unit, predicted, measured }) => [
      what,
      `${round(predicted)} ${unit}`,
      `${round(measured)} ${unit}`,
      (measured / predicted).toFixed(2),
    ]),
  ]);
} finally {
  await world.close();
}
print('A million open sessions', [
  ['', 'Redis memory', 'Redis CPU', 'gateway memory', 'gateway CPU'],
  ...Object.entries(MILLION).map(([name, load]) => {
    const { redisBytes, redisCores, gatewayBytes, gatewayCores } = need(costs, load);
    return [
      name,
      `${round(redisBytes / 1e9)} GB`,
      `${round(redisCores)} cores`,
      `${round(gatewayBytes / 1e9)} GB`,
      `${round(gatewayCores)} cores`,
    ];
  }),
]);
const seconds = (performance.now() - began) / 1000;
console.log(`\n${seconds.toFixed(0)} seconds, load ${loadavg()[0]?.toFixed(1)} at the end`);
