export { readPending, type Pending } from './handover/read-pending.ts';
