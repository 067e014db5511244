// Imports go down only: frameworks -> core -> codec, channel; adapters -> channel.
const packages = (...names) => `^packages/(${names.join('|')})/src`;
const own = (name) => `^packages/${name}/`;

/** What each package may import of the others; a package that is missing here may import none. */
const allowed = {
  channel: [],
  codec: [],
  core: ['channel', 'codec'],
  conformance: ['channel', 'codec'],
  websocket: ['channel'],
  server: ['channel', 'codec', 'core', 'websocket'],
  postgres: ['channel'],
  redis: ['channel'],
  archive: ['channel', 'core'],
  tiered: ['channel'],
  ably: ['channel'],
  'ably-emulator': ['channel', 'server'],
  'ai-sdk': ['channel', 'codec', 'core'],
  'tanstack-ai': ['channel', 'codec', 'core'],
  openai: ['codec', 'core'],
  anthropic: ['codec', 'core'],
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(allowed).map(([name, below]) => ({
      name: `layer-${name}`,
      severity: 'error',
      from: { path: packages(name), pathNot: '\\.test\\.tsx?$' },
      to: { path: '^packages/', pathNot: [own(name), ...below.map((other) => packages(other))] },
    })),
    {
      name: 'tests-only',
      comment: 'What tests share is for tests.',
      severity: 'error',
      from: { path: '^(packages|examples)/[^/]+/src', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^testing/' },
    },
    {
      name: 'browser-safe',
      comment: 'These packages run in browsers: no Node modules.',
      severity: 'error',
      from: {
        path: packages(
          'channel',
          'codec',
          'core',
          'websocket',
          'ably',
          'ai-sdk',
          'tanstack-ai',
          'openai',
          'anthropic',
          'archive',
        ),
        pathNot: '\\.test\\.tsx?$',
      },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
