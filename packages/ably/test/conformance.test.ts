import { describeChannel } from '@holdfast/conformance/channel';
import { openAblyBackend } from './ably-backend.ts';
import { SKIP } from './skips.ts';

for (const useBinaryProtocol of [false, true]) {
  for (const appendRollupWindowMs of [0, 40]) {
    describeChannel({
      name: `Ably, ${useBinaryProtocol ? 'msgpack' : 'JSON'}, rollup ${appendRollupWindowMs} ms`,
      open: () => openAblyBackend({ client: { useBinaryProtocol }, emulator: { appendRollupWindowMs } }),
      skip: SKIP,
    });
  }
}
