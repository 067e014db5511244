import { describeChannel } from '@holdfast/conformance/channel';
import { openAblyBackend } from './ably-backend.ts';

const skip = {
  'P3.anonymous':
    'Ably knows no owner of what an anonymous client has published: only a token for any message lets it on',
};

for (const useBinaryProtocol of [false, true]) {
  for (const appendRollupWindowMs of [0, 40]) {
    describeChannel({
      name: `Ably, ${useBinaryProtocol ? 'msgpack' : 'JSON'}, rollup ${appendRollupWindowMs} ms`,
      open: () => openAblyBackend({ client: { useBinaryProtocol }, emulator: { appendRollupWindowMs } }),
      skip,
    });
  }
}
