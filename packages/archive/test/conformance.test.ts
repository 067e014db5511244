import { describeChannel } from '@holdfast/conformance/channel';
import { withFaults } from '@holdfast/conformance/faults';
import { openMemoryBackend } from '../../channel/test/memory-backend.ts';
import { createMemoryArchive, withArchive } from '../src/index.ts';

describeChannel({
  name: 'memory, with an archive that has nothing yet',
  scale: 0.5,
  open: async () =>
    openMemoryBackend({
      decorate: (channels, seed) => withFaults(withArchive(channels, createMemoryArchive()), { seed }),
    }),
});
