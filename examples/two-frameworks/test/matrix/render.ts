import { FEATURES, type Feature } from './features.ts';
import { AGENTS, CLIENTS, type AgentFramework, type ClientFramework } from './frameworks.ts';

const AGENT_NAMES: Readonly<Record<AgentFramework, string>> = {
  'ai-sdk': 'AI SDK',
  'tanstack-ai': 'TanStack AI',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
};
const CLIENT_NAMES: Readonly<Record<ClientFramework, string>> = {
  'ai-sdk': 'AI SDK chat',
  'tanstack-ai': 'TanStack AI chat',
  session: 'core session',
};

const BEGIN =
  '<!-- matrix: written by examples/two-frameworks/test/docs.test.ts -->\n<!-- prettier-ignore-start -->\n';
const END = '<!-- prettier-ignore-end -->\n<!-- matrix: end -->';

/** A page of the documentation with the matrix as it is tested. */
export function withMatrix(page: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error('The page has no place for the matrix.');
  return `${page.slice(0, from)}${BEGIN}\n${table()}\n${page.slice(to)}`;
}

function table(): string {
  const head = ['', 'agents that can say it', ...CLIENTS.map((client) => CLIENT_NAMES[client])];
  const rows = FEATURES.map((feature) => [
    feature.name,
    AGENTS.filter((agent) => agent in feature.written)
      .map((agent) => AGENT_NAMES[agent])
      .join(', '),
    ...CLIENTS.map((client) => shown(feature, client)),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function shown({ instead }: Feature, client: ClientFramework): string {
  return instead?.[client]?.why ?? 'shown';
}
