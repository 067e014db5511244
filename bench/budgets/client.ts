// What a client of the core session loads.
export { openSession } from '@holdfast/core';
