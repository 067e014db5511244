import { accumulateResponse } from 'openai6/lib/responses/ResponseAccumulator';
import { expect, test } from 'vitest';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import { events, fold } from './fold.ts';
import { decode, pieces } from './log.ts';
import { STREAMS } from './streams.ts';

/** What version 6, which still runs on Node 20 by its own account, has no events for. */
const isLater = ({ type }: Event): boolean =>
  type.startsWith('response.shell') || type.startsWith('response.compaction');

const accumulate = accumulateResponse as unknown as Parameters<typeof fold>[1];

test.each(Object.entries(STREAMS).filter(([, stream]) => !stream.some(isLater)))(
  'I12 %s: the same responses in version 6 of the SDK',
  (_name, stream) => {
    const appends = pieces(stream);
    const original = fold(events(stream), accumulate);
    for (const at of [0, Math.floor(appends.length / 2), appends.length])
      expect(fold(decode(appends.slice(0, at).join(''), ...appends.slice(at)), accumulate)).toEqual(original);
  },
);
