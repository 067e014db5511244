export { CITATIONS, cite, citedSites, readCitation, type Citation } from './annotations/citation.ts';
export {
  numberCitations,
  splitAtMarkers,
  type Marker,
  type NumberedCitations,
} from './annotations/markers.ts';
export {
  FEEDBACK,
  REACTIONS,
  feedbackOf,
  rate,
  react,
  reactionsOf,
  unrate,
  unreact,
  type Feedback,
  type Reaction,
  type Thumb,
} from './annotations/feedback.ts';
export { USAGE, countUsage, usageOf, type Usage } from './annotations/usage.ts';
export { readAnnotations, readCitations, type MadeCitation } from './annotations/read.ts';
export { standingAnnotations } from './annotations/standing.ts';
export { citeAnswer } from './annotations/cite-answer.ts';
export { citationsIn, sourceParts, withSources } from './annotations/sources.ts';
export type { Annotated } from './annotations/kind.ts';
