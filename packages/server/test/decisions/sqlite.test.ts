import { describeClientTools } from '../../../core/test/decisions/client-tools.ts';
import { describeForgery } from '../../../core/test/decisions/forgery.ts';
import { describeProgress } from '../../../core/test/decisions/progress.ts';
import { describeRaces } from '../../../core/test/decisions/races.ts';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { temporaryFile } from '../sqlite/temporary.ts';
import { openGatewayBackend } from './gateway-stage.ts';

const open = () => openGatewayBackend(openSqliteEngine({ path: temporaryFile() }));

describeRaces('a gateway on SQLite', open);
describeClientTools('a gateway on SQLite', open);
describeForgery('a gateway on SQLite', open);
describeProgress('a gateway on SQLite', open);
