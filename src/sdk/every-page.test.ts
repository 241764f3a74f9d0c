import { expect, test } from 'vitest';
import { everyPage } from './every-page.ts';

test('a list is read to its end, from where the page before ended', async () => {
  const asked: object[] = [];
  const pages = [
    { items: [1, 2], nextCursor: 'b' },
    { items: [], nextCursor: 'c' },
    { items: [3], nextCursor: null },
  ];
  const all = await everyPage(async (query) => {
    asked.push(query);
    return pages[asked.length - 1]!;
  });
  expect(all).toEqual([1, 2, 3]);
  expect(asked).toEqual([{ limit: 200 }, { limit: 200, cursor: 'b' }, { limit: 200, cursor: 'c' }]);
});
