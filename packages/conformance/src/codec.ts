export type { CodecLaw, CodecNeed } from './codec/law.ts';
export { CODEC_LAWS, type CodecLawId } from './codec/laws.ts';
export { readLog, type LogReading } from './codec/read-log.ts';
export type { CallChunk, CodecStream, CodecSubject } from './codec/subject.ts';
export {
  describeCodec,
  runCodecLaw,
  type CodecSuiteOptions,
  type DescribeCodecOptions,
} from './codec/suite.ts';
export { formatResult, type LawResult } from './law/report.ts';
export { LawViolation } from './law/violation.ts';
