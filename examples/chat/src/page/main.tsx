import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connect } from './connect.ts';
import { SessionContext } from './session-context.ts';
import './style.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
const connected = await connect(new URL(location.href));
createRoot(root).render(
  <SessionContext value={connected.session}>
    <App {...connected} />
  </SessionContext>,
);
