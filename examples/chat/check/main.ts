import { parseArgs } from 'node:util';
import { chooseSetting, readChannelsName } from '../src/channels/setting.ts';
import { ENGINES } from './engines.ts';
import { freePort } from './processes.ts';
import { session } from './session.ts';
import { openStage, SESSION } from './stage.ts';
import { takeover } from './takeover.ts';

const SCENARIOS = { session, takeover };

const {
  positionals: [name = 'session'],
  values,
} = parseArgs({
  allowPositionals: true,
  options: {
    channels: { type: 'string', default: 'gateway' },
    engine: { type: 'string', default: 'sqlite' },
    kills: { type: 'string', default: '20' },
    lease: { type: 'string', default: '1000' },
  },
});
const scenario = choose('scenario', name, SCENARIOS);
const prepare = choose('engine', values.engine, ENGINES);
// Over Ably it is always the emulator: nobody kills Ably's servers for a test.
const setting = chooseSetting(readChannelsName(values.channels), {
  port: await freePort(),
  emulatorPort: await freePort(),
  sessions: [SESSION],
});

const stage = await openStage(setting, prepare);
try {
  await scenario(stage, { kills: Number(values.kills), leaseMs: Number(values.lease) });
} catch (error) {
  stage.differs(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await stage.close();
}
if (stage.differences.length > 0) {
  console.error(`\n${stage.differences.join('\n')}`);
  process.exit(1);
}
stage.say('everything equal to what the model said');
process.exit(0);

function choose<T>(kind: string, wanted: string, choices: Readonly<Record<string, T>>): T {
  const choice = Object.entries(choices).find(([each]) => each === wanted)?.[1];
  if (choice !== undefined) return choice;
  console.error(`There is no ${kind} ${JSON.stringify(wanted)}: ${Object.keys(choices).join(', ')}`);
  return process.exit(1);
}
