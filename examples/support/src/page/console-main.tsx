import { connect } from './connect.ts';
import { Console } from './console.tsx';
import { show } from './show.tsx';

show('staff', (as) => <Console channels={connect(as)} as={as} />);
