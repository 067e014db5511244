export { openProgress, type Progress, type ProgressOptions } from './progress/open-progress.ts';
