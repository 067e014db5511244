import { connect } from './connect.ts';
import { Customer } from './customer.tsx';
import { show } from './show.tsx';

show('customer', (as) => <Customer channels={connect(as)} as={as} />);
