import { expect, test } from 'vitest';
import { gathered } from './gathered.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve));

function reader() {
  const readings: { due: string[]; answer: () => void; fail: () => void }[] = [];
  const read = (due: ReadonlySet<string>) =>
    new Promise<void>((resolve, reject) => {
      readings.push({ due: [...due], answer: resolve, fail: () => reject(new Error('the server is away')) });
    });
  return { readings, tell: gathered({ read, rest: () => Promise.resolve() }) };
}

test('what changes while it is read does not break the reading off: it is read once more afterwards', async () => {
  const { readings, tell } = reader();
  tell(['a']);
  await settled();
  tell(['b']);
  tell(['b', 'c']);
  await settled();
  expect(readings.map(({ due }) => due)).toEqual([['a']]);
  readings[0]?.answer();
  await settled();
  expect(readings.map(({ due }) => due)).toEqual([['a'], ['b', 'c']]);
});

test('a reading that fails does not end it', async () => {
  const { readings, tell } = reader();
  tell(['a']);
  await settled();
  readings[0]?.fail();
  await settled();
  tell(['a']);
  await settled();
  expect(readings).toHaveLength(2);
});

test('what comes together is read together', async () => {
  const { readings, tell } = reader();
  tell(['a']);
  tell(['b', 'a']);
  await settled();
  expect(readings.map(({ due }) => due)).toEqual([['a', 'b']]);
});
