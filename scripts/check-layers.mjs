// Holds the layer rules against every import, and fails where it read no files.
import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs');
const { output } = await cruise(
  ['packages', 'examples', 'testing'],
  options,
  {},
  { tsConfig: extractTSConfig('./tsconfig.json') },
);
const { summary } = output;
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
console.log(
  `${summary.totalCruised} modules, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} against the rules`,
);
if (summary.totalCruised < 30) console.error('too few modules were read');
process.exit(summary.violations.length === 0 && summary.totalCruised >= 30 ? 0 : 1);
