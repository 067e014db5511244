export { agUiCodec } from './codec/ag-ui-codec.ts';
