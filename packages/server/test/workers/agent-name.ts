export const AGENT = 'helper';
