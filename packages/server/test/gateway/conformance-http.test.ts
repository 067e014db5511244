import { describeChannel } from '@holdfast/conformance/channel';
import { openBackend } from '@holdfast/testing/gateway-backend';

describeChannel({ name: 'gateway over HTTP', scale: 0.5, open: () => openBackend({ transport: 'http' }) });
