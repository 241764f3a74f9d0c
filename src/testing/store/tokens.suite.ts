import { describe, expect, test } from 'vitest';
import type { News, Store } from '../../ports/store.ts';
import type { CallRef, ExecutionRef, TokenChunk } from '../../ports/tokens.ts';
import { HOUR, newId } from '../factories.ts';

/** More than any test writes. */
const MANY = 100;

export function tokenSuite(store: () => Store): void {
  describe('texts of model calls', () => {
    const tokens = () => store().tokens;
    const newCall = (over: Partial<CallRef> = {}): CallRef => ({
      ...{ projectId: newId(), executionId: newId(), path: 'ask[0]/model', attempt: 1, ...over },
    });
    const chunk = (call: CallRef, start: number, text: string): TokenChunk => ({ ...call, start, text });
    /** What comes after what is there, of all executions of these calls. */
    const read = async (calls: readonly ExecutionRef[], have: readonly (CallRef & { length: number })[] = []) =>
      (await tokens().read(calls, have, MANY)).map(
        ({ path, attempt, start, text }) => `${path}#${attempt}@${start} ${text}`,
      );

    test('are written together, tell everybody, and come by their first chunk, then by what follows', async () => {
      const heard = Promise.withResolvers<News>();
      await store().listen((news) => news === 'tokens' && heard.resolve(news));
      const [one, two] = [newCall(), newCall({ path: 'other' })];
      await tokens().write([chunk(one, 0, 'Hel'), chunk(one, 3, 'lo'), chunk(two, 0, 'Hi')]);
      await tokens().write([chunk(one, 5, '!')]);
      expect(await heard.promise).toBe('tokens');
      expect(await read([one])).toEqual(['ask[0]/model#1@0 Hel']);
      expect((await read([one, two])).sort()).toEqual(['ask[0]/model#1@0 Hel', 'other#1@0 Hi']);
      expect(await read([one], [{ ...one, length: 3 }])).toEqual(['ask[0]/model#1@3 lo', 'ask[0]/model#1@5 !']);
      expect(await read([one], [{ ...one, length: 6 }])).toEqual([]);
      expect((await tokens().read([one], [{ ...one, length: 0 }], 2)).map(({ start }) => start)).toEqual([0, 3]);
    });

    test('are nothing where nothing was written or asked for', async () => {
      await tokens().write([]);
      await tokens().remove([]);
      expect(await read([])).toEqual([]);
      expect(await read([newCall()])).toEqual([]);
    });

    test('may be anything: pairs, quotes, separators, line ends, and a NUL that keeps its place', async () => {
      const call = newCall();
      const odd = '\u{1f600}"\\{},\u001e\n\r\t\u0001é';
      await tokens().write([chunk(call, 0, odd), chunk(call, odd.length, 'a\0b')]);
      const found = await tokens().read([call], [{ ...call, length: 0 }], MANY);
      expect(found).toEqual([chunk(call, 0, odd), chunk(call, odd.length, 'a\ufffdb')]);
    });

    test('of an attempt are its own, and what is written again replaces', async () => {
      const first = newCall();
      const second = { ...first, attempt: 2 };
      await tokens().write([chunk(first, 0, 'No'), chunk(second, 0, 'Ye')]);
      await tokens().write([chunk(second, 0, 'Yes')]);
      expect((await read([first])).sort()).toEqual(['ask[0]/model#1@0 No', 'ask[0]/model#2@0 Yes']);
      expect(await read([first], [{ ...first, length: 2 }])).toEqual(['ask[0]/model#2@0 Yes']);
    });

    test('go with the end of their call, and so does what earlier attempts left', async () => {
      const first = newCall();
      const [second, third, other] = [
        { ...first, attempt: 2 },
        { ...first, attempt: 3 },
        { ...first, path: 'other' },
      ];
      await tokens().write([first, second, third, other].flatMap((call) => [chunk(call, 0, 'a'), chunk(call, 1, 'b')]));
      await tokens().remove([second]);
      expect((await read([first])).sort()).toEqual(['ask[0]/model#3@0 a', 'other#1@0 a']);
    });

    test('belong to their project', async () => {
      const mine = newCall();
      const foreign = { ...mine, projectId: newId() };
      await tokens().write([chunk(mine, 0, 'secret')]);
      expect(await read([foreign])).toEqual([]);
      expect(await read([foreign], [{ ...foreign, length: 0 }])).toEqual([]);
      await tokens().remove([foreign]);
      expect(await read([mine])).toEqual(['ask[0]/model#1@0 secret']);
    });

    test('that nobody removed are forgotten after a while', async () => {
      const call = newCall();
      await tokens().write([chunk(call, 0, 'a')]);
      await tokens().forget(HOUR);
      expect(await read([call])).toHaveLength(1);
      await tokens().forget(-HOUR);
      expect(await read([call])).toEqual([]);
    });
  });
}
