import type { AnnotationDraft, Operation } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { annotate, append, create, draft, publish, refused, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { openTally } from './tally.ts';

export const annotatedOnce = defineLaw({
  id: 'P24.once',
  title: 'an annotation that is repeated under its id counts once, at once or later',
  check: async (context) => {
    const type = 'likes:total.v1';
    const { serial, ada, add, is } = await openTally(context, type);
    const again = await context.connect('ada');
    const one: AnnotationDraft = { action: 'add', id: 'one', type };
    await Promise.all([annotate(ada, serial, one), annotate(ada, serial, one), annotate(again, serial, one)]);
    await is({ total: 1 }, 'three annotations with one id');
    await add(ada);
    const off: AnnotationDraft = { action: 'remove', id: 'off', type };
    await Promise.all([annotate(ada, serial, off), annotate(again, serial, off)]);
    await is({ total: 1 }, 'two removals with one id');
    await annotate(again, serial, one);
    await annotate(again, serial, off);
    await is({ total: 1 }, 'both were repeated later');

    // Another message has ids of its own.
    const other = await create(ada, draft('other'));
    await annotate(ada, other.serial, one);
    const log = await listAll(ada);
    same(log[1]?.annotations?.types, { [type]: { total: 1 } }, 'the summary of another message');
  },
});

export const annotationIdUsed = defineLaw({
  id: 'P24.used-id',
  title: 'an annotation id that is used again for other content, or by another publisher, is refused',
  check: async (context) => {
    const type = 'vote:distinct.v1';
    const { serial, ada, bob, is } = await openTally(context, type);
    const one: AnnotationDraft = { action: 'add', id: 'one', type, name: 'yes', data: { why: 1 } };
    await annotate(ada, serial, one);
    const before = await listAll(ada);
    const other = (note: Partial<AnnotationDraft>): Promise<unknown> =>
      annotate(ada, serial, { ...one, ...note } as AnnotationDraft);
    await refused(other({ name: 'no' }), 'another name under a used id', 'conflict');
    await refused(other({ data: { why: 2 } }), 'other data under a used id', 'conflict');
    await refused(other({ action: 'remove' }), 'a removal under the id of an annotation', 'conflict');
    await refused(annotate(bob, serial, one), 'an id that another publisher has used', 'conflict');
    same(await listAll(ada), before, 'the messages after the refusals');
    await is({ yes: { total: 1, clientIds: ['ada'] } }, 'one vote, and four refusals');
  },
});

export const typesApart = defineLaw({
  id: 'P24.types',
  title: 'types are counted apart, each by its own method',
  check: async (context) => {
    const { serial, ada, bob, add, is } = await openTally(context, 'likes:total.v1');
    await add(ada);
    await annotate(bob, serial, { action: 'add', id: 'f', type: 'likes:flag.v1' });
    await annotate(bob, serial, { action: 'add', id: 'u', type: 'vote:unique.v1', name: 'yes' });
    await annotate(ada, serial, { action: 'remove', id: 'r', type: 'likes:flag.v1' });
    const message = await is({ total: 1 }, 'annotations of other types');
    same(
      message.annotations?.types,
      {
        'likes:total.v1': { total: 1 },
        'likes:flag.v1': { total: 1, clientIds: ['bob'] },
        'vote:unique.v1': { yes: { total: 1, clientIds: ['bob'] } },
      },
      'the summaries of three types',
    );
  },
});

export const summaryVersions = defineLaw({
  id: 'P24.versions',
  title:
    'a summary has a version that every annotation raises and no change of the text does, nor the reverse',
  check: async (context) => {
    const { serial, ada, bob, add, remove, is } = await openTally(context, 'likes:total.v1');
    await add(bob);
    const one = await is({ total: 1 }, 'one annotation');
    await add(bob);
    await remove(bob);
    const two = await is({ total: 1 }, 'an annotation and its removal');
    holds(one.annotations !== undefined && two.annotations !== undefined, 'a summary is missing');
    holds(
      one.annotations.version < two.annotations.version,
      `the summary's version went from ${one.annotations.version} to ${two.annotations.version}`,
    );
    same(two.version, one.version, "the message's version, after annotations");

    await append(ada, serial, ' and more', 4);
    await update(ada, serial, { data: 'new' });
    const three = await is({ total: 1 }, 'changes of the text');
    same(three.annotations, two.annotations, 'the summary, after changes of the text');
    holds(three.version > two.version, "the message's version was not raised by changes of its text");
  },
});

export const annotationList = defineLaw({
  id: 'P24.list',
  title: 'single annotations are listed oldest first, adds and removals, in pages of any size',
  check: async (context) => {
    const type = 'sources:multiple.v1';
    const { serial, ada, bob } = await openTally(context, type);
    const drafts: readonly AnnotationDraft[] = [
      { action: 'add', id: 'a', type, name: 'nasa.gov', count: 3, data: { page: [1, null] } },
      { action: 'add', id: 'b', type, name: 'nasa.gov', data: 'x\u0000\u2028\ud800' },
      { action: 'remove', id: 'c', type, name: 'nasa.gov' },
      { action: 'add', id: 'd', type: 'likes:flag.v1' },
      { action: 'add', id: 'e', type, name: 'wikipedia.org', data: 0 },
    ];
    for (const [index, each] of drafts.entries()) await annotate(index % 2 === 0 ? ada : bob, serial, each);

    for (const limit of [1, 2, 4, 5, 100]) {
      const found = [];
      let page = await ada.annotations(serial, { limit });
      for (;;) {
        holds(page.annotations.length <= limit, `a page of ${page.annotations.length} where ${limit} fit`);
        found.push(...page.annotations);
        if (page.next === undefined) break;
        page = await ada.annotations(serial, { limit, cursor: page.next });
      }
      same(
        found.map(({ version: _v, timestamp: _t, ...rest }) => rest),
        drafts.map((each, index) => ({ ...each, serial, clientId: index % 2 === 0 ? 'ada' : 'bob' })),
        `the annotations in pages of ${limit}`,
      );
      const versions = found.map(({ version }) => version);
      holds(
        versions.every((version, index) => index === 0 || (versions[index - 1] ?? '') < version),
        `the versions of the annotations do not ascend: ${versions.join(', ')}`,
      );
    }
    const bare = await create(ada, draft('bare'));
    same(await ada.annotations(bare.serial), { annotations: [] }, 'the annotations of a bare message');
  },
});

export const annotationInvalid = defineLaw({
  id: 'P24.invalid',
  title: 'a malformed annotation is refused, and nothing is counted',
  check: async (context) => {
    const { serial, ada, add, is } = await openTally(context, 'likes:total.v1');
    await add(ada);
    const bad: readonly unknown[] = [
      { action: 'add', type: 'likes:total.v1' },
      { action: 'add', id: '', type: 'likes:total.v1' },
      { action: 'toggle', id: 'x', type: 'likes:total.v1' },
      { action: 'add', id: 'x', type: 'likes' },
      { action: 'add', id: 'x', type: 'likes:average.v1' },
      { action: 'add', id: 'x', type: 'likes:total.v1', name: 'a' },
      { action: 'add', id: 'x', type: 'likes:total.v1', count: 2 },
      { action: 'add', id: 'x', type: 'emoji:distinct.v1' },
      { action: 'add', id: 'x', type: 'vote:unique.v1', name: '' },
      { action: 'remove', id: 'x', type: 'sources:multiple.v1' },
      { action: 'add', id: 'x', type: 'sources:multiple.v1', name: 'a', count: 0 },
      { action: 'add', id: 'x', type: 'sources:multiple.v1', name: 'a', count: 1.5 },
      { action: 'remove', id: 'x', type: 'sources:multiple.v1', name: 'a', count: 1 },
      { action: 'add', id: 'x', type: 'likes:total.v1', data: Number.NaN },
    ];
    for (const annotation of bad) {
      const operation = { action: 'annotate', serial, annotation } as Operation;
      await refused(publish(ada, operation), `the annotation ${JSON.stringify(annotation)}`, 'invalid');
    }
    const message = await is({ total: 1 }, 'the refusals');
    same(Object.keys(message.annotations?.types ?? {}), ['likes:total.v1'], 'the types that were counted');
  },
});

export const annotationAnonymous = defineLaw({
  id: 'P24.anonymous',
  title: 'who is anonymous is counted without a name, and refused where a method needs one',
  check: async (context) => {
    const { serial, bob, add, is } = await openTally(context, 'sources:multiple.v1');
    const nobody = (await context.open()).channel(context.name);
    await add(bob, { name: 'nasa.gov' });
    await add(nobody, { name: 'nasa.gov', count: 2 });
    await add(nobody, { name: 'nasa.gov' });
    await is({ 'nasa.gov': { total: 4, clientIds: { bob: 1 }, totalUnidentified: 3 } }, 'anonymous counts');
    await annotate(nobody, serial, { action: 'add', id: 't', type: 'likes:total.v1' });
    for (const type of ['seen:flag.v1', 'emoji:distinct.v1', 'vote:unique.v1'] as const) {
      const name = type === 'seen:flag.v1' ? {} : { name: 'a' };
      const note: AnnotationDraft = { action: 'add', id: type, type, ...name };
      await refused(annotate(nobody, serial, note), `an anonymous ${type}`, 'forbidden');
    }
    const message = await is(
      { 'nasa.gov': { total: 4, clientIds: { bob: 1 }, totalUnidentified: 3 } },
      'the refusals',
    );
    same(message.annotations?.types['likes:total.v1'], { total: 1 }, 'the count of an anonymous annotation');
  },
});
