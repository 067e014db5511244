import { same } from '../../law/violation.ts';
import { append, create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const oneMessage = defineLaw({
  id: 'I6.one-message',
  title: 'history holds one message per response, however many appends made it',
  check: async ({ connect, read, scaled }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('growing'));
    const count = scaled(1000);
    const words = Array.from({ length: count }, (_, index) => `w${index} `);

    let offset = 0;
    for (let from = 0; from < count; from += 50) {
      const batch = words.slice(from, from + 50).map((word) => {
        offset += word.length;
        return append(ada, serial, word, offset - word.length);
      });
      await Promise.all(batch);
    }

    const log = await listAll(await connect('cyd'));
    same(log.length, 1, `the number of messages after ${count} appends`);
    same(log[0]?.data, words.join(''), 'the text');
    await reader.knows(log);
    const late = await read(await connect('dan'));
    await late.knows(log);
  },
});
