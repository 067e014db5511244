import {
  functionCall,
  mcpCall,
  message,
  response,
  served as makesImage,
  summary,
  text,
} from '@holdfast/testing/responses-stream';

// Answers of OpenAI's: a stream for each call of the model.

export const said = (...deltas: readonly string[]) => [response([text(...deltas)])];
export const thought = [response([summary(undefined, ['Two ', 'cities.']), text('Yes.')])];
const asks = response([functionCall('weather', '{"city":"Lima"}', 'c1')]);
export const called = [asks, response([text('Sunny.')])];
export const calledOnly = [asks, response([])];
export const malformed = [response([functionCall('weather', '{"city":', 'c1')]), response([])];
export const served = [
  response([
    mcpCall('{"q":"airports"}', { status: 'completed', output: 'Two.', error: null }),
    text('There.'),
  ]),
];
export const image = [
  response([
    makesImage(
      'image_generation',
      ['in_progress', 'generating', 'completed'],
      { result: 'iVBORw0KGgo=' },
      { result: null },
    ),
  ]),
];
export const refusal = [response([message({ refusal: ['I can’t ', 'do that.'] })])];
const cites = (annotation: object) => [
  response([message({ deltas: ['See ', 'there.'], annotations: [{ ...annotation }] })]),
];
export const citesPage = cites({
  type: 'url_citation',
  start_index: 4,
  end_index: 9,
  url: 'https://example.com/',
  title: 'Example',
});
export const citesDocument = cites({ type: 'file_citation', file_id: 'f1', filename: 'Notes', index: 4 });
export const sealed = [response([summary('gAAAAA', ['Hm.'])])];
export const later = [
  [
    ...response([], { type: 'none' }),
    { type: 'response.later_thing', of: 1 },
    ...response([text('There.')]).slice(2),
  ],
];
