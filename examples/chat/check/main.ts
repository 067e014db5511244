import { session } from './session.ts';
import { openStage } from './stage.ts';
import { takeover } from './takeover.ts';

const SCENARIOS = { session, takeover };

const name = process.argv[2] ?? 'session';
const scenario = Object.entries(SCENARIOS).find(([each]) => each === name)?.[1];
if (scenario === undefined) {
  console.error(`There is no scenario ${JSON.stringify(name)}: ${Object.keys(SCENARIOS).join(', ')}`);
  process.exit(1);
}

const stage = await openStage();
try {
  await scenario(stage);
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
