import { call, cited, message, served as serves, text, thinking } from '@holdfast/testing/messages-stream';

// Answers of Anthropic's: a stream for each call of the model.

const CALLS = { reason: 'tool_use' };

export const said = (...deltas: readonly string[]) => [message([text(...deltas)])];
export const thought = [message([thinking('', 'Two ', 'cities.'), text('Yes.')])];
const asks = message([call('weather', ['{"city":', '"Lima"}'], 'c1')], CALLS);
export const called = [asks, message([text('Sunny.')])];
export const calledOnly = [asks, message([])];
export const malformed = [message([call('weather', ['{"city":'], 'c1')], CALLS), message([])];
export const served = [
  message([
    ...serves('web_search', ['{"query":', '"airports"}'], 'web_search_tool_result', [
      {
        type: 'web_search_result',
        title: 'Example',
        url: 'https://example.com/',
        encrypted_content: 'Eq',
        page_age: null,
      },
    ]),
    text('There.'),
  ]),
];
export const citesPage = [
  message([
    cited(
      ['See ', 'there.'],
      [
        {
          type: 'web_search_result_location',
          cited_text: 'An example.',
          encrypted_index: 'Eo',
          title: 'Example',
          url: 'https://example.com/',
        },
      ],
    ),
  ]),
];
export const citesDocument = [
  message([
    cited(
      ['See ', 'there.'],
      [
        {
          type: 'char_location',
          cited_text: 'An example.',
          document_index: 0,
          document_title: 'Notes',
          start_char_index: 0,
          end_char_index: 11,
          file_id: null,
        },
      ],
    ),
  ]),
];
export const sealed = [message([thinking('EqQB', 'Hm.')])];
