import { describeChannel } from '@holdfast/conformance/channel';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { ENGINE, openBackend } from '@holdfast/testing/gateway-backend';

describeChannel({ name: 'gateway over WebSockets', open: () => openBackend() });
describeChannel({ name: 'gateway over WebSockets, with roll-up', open: () => openBackend({ rollupMs: 40 }) });
describeChannel({
  name: 'gateway over WebSockets and SQLite',
  open: () => openBackend({ engine: openSqliteEngine({ path: ':memory:', ...ENGINE }) }),
});
