import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { describeClientTools } from './client-tools.ts';
import { describeForgery } from './forgery.ts';
import { describeProgress } from './progress.ts';
import { describeRaces } from './races.ts';
import type { Backend } from './stage.ts';

function open(): Backend {
  const engine = createMemoryEngine();
  return {
    connect: (clientId, claims) =>
      createMemoryChannels({ engine, clientId, ...(claims !== undefined && { claims }) }),
    close: () => engine.close(),
  };
}

describeRaces('memory', open);
describeClientTools('memory', open);
describeForgery('memory', open);
describeProgress('memory', open);
