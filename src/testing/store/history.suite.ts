import { describe, expect, test } from 'vitest';
import type { Commit, Store } from '../../ports/store.ts';
import {
  creation,
  endedCreation,
  executionCreated,
  following,
  newId,
  nodeCompleted,
  ownedCreation,
} from '../factories.ts';

export function historySuite(store: () => Store): void {
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  const history = async ({ executionId }: Commit) =>
    (await store().executions.histories([executionId])).get(executionId) ?? [];

  describe('histories', () => {
    test('are whole and in order, whatever the order of the ids', async () => {
      const [one, two] = [ownedCreation(), ownedCreation()];
      let [last, count]: [Commit, number] = [one, 2];
      await commit(one, two);
      for (const size of [1, 9, 120]) {
        last = following(last, { events: Array.from({ length: size }, () => nodeCompleted(count++)) });
        expect(await commit(last)).toEqual([{ result: 'committed' }]);
      }
      const found = await store().executions.histories([two.executionId, one.executionId]);
      expect(found.get(two.executionId)).toEqual(two.events);
      const outputs = Array.from({ length: 130 }, (_, n) => nodeCompleted(n + 2));
      expect(found.get(one.executionId)).toEqual([...one.events, ...outputs]);
    });

    test('of unknown executions are empty', async () => {
      const id = newId();
      expect([...(await store().executions.histories([id])).values()].flat()).toEqual([]);
      expect((await store().executions.histories([])).size).toBe(0);
    });

    test.each([
      ['empty values', { nothing: null, text: '', list: [], object: {}, no: false, zero: 0 }],
      ['numbers', [0, -0, 1e21, 1e-7, 2 ** 53, -1.5, Number.MAX_VALUE, Number.MIN_VALUE, 123456789012345680000]],
      ['NUL', { 'key \u0000': 'a\u0000b', escaped: '\\u0000' }],
      ['lone surrogates', ['\ud83d', '\udc00 text', { '\ud800': 1 }]],
      ['any language', { ключ: '鍵', emoji: '👩‍👩‍👧', rtl: 'مفتاح', combining: 'e\u0301', bom: '\ufeff' }],
      ['control characters', Array.from({ length: 33 }, (_, code) => String.fromCharCode(code)).join('')],
      ['what ends other formats', `' " \` \\ \\N {} [] {a,"b"} NULL $1 \u001e \u2028 \u2029 --; drop table events`],
      ['keys in their order', { z: 1, a: 2, 10: 3, 9: 4 }],
      ['deep nesting', JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`)],
    ])('keep %s', async (_, payload) => {
      const events = [executionCreated(payload), nodeCompleted(payload)];
      const first = creation({ events });
      await commit(first);
      expect(JSON.stringify(await history(first))).toBe(JSON.stringify(events));
    });

    test.each([
      ['just below 64 KiB', 'x'.repeat(65_300)],
      ['just above 64 KiB', 'x'.repeat(65_600)],
      ['of a megabyte, with odd characters', 'NUL \u0000 half \ud83d 🎉 \u001e \\ "'.repeat(50_000)],
      ['in many pieces', Array.from({ length: 20_000 }, (_, n) => ({ n, text: `item ${n}` }))],
    ])('keep a payload %s', async (_, payload) => {
      const first = ownedCreation(newId(), { events: [executionCreated(payload), nodeCompleted('small')] });
      const second = following(first, { events: [nodeCompleted(payload), nodeCompleted(payload)] });
      await commit(first);
      await commit(second);
      const found = await history(first);
      expect(JSON.stringify(found) === JSON.stringify([...first.events, ...second.events])).toBe(true);
    });

    test('keep a large payload that several executions have, until each is deleted', async () => {
      const payload = { text: `${newId()}${'y'.repeat(100_000)}` };
      const events = [executionCreated(payload)];
      const projectId = newId();
      const [one, two] = [endedCreation({ projectId, events }), endedCreation({ projectId, events })];
      const elsewhere = endedCreation({ events });
      await commit(one, two, elsewhere);
      await store().executions.delete(projectId, one.executionId);
      expect(await history(one)).toEqual([]);
      expect(await history(two)).toEqual(events);
      expect(await history(elsewhere)).toEqual(events);
    });

    test('share nothing with what was written or read', async () => {
      const output = { list: [1] };
      const first = creation({ events: [nodeCompleted(output)] });
      await commit(first);
      output.list.push(2);
      const [read] = (await history(first)) as [ReturnType<typeof nodeCompleted>];
      expect(read.data).toMatchObject({ output: { list: [1] } });
      (read.data as { output: { list: number[] } }).output.list.push(3);
      expect(await history(first)).toEqual([nodeCompleted({ list: [1] })]);
    });
  });

  describe('events', () => {
    test('come in pages by their number', async () => {
      const first = creation({ events: Array.from({ length: 5 }, (_, n) => nodeCompleted(n)) });
      await commit(first);
      const page = (after: number, limit: number) =>
        store().executions.events(first.projectId, first.executionId, after, limit);
      const numbered = first.events.map((event, index) => ({ ...event, seq: index + 1 }));
      expect(await page(0, 2)).toEqual(numbered.slice(0, 2));
      expect(await page(2, 2)).toEqual(numbered.slice(2, 4));
      expect(await page(4, 2)).toEqual(numbered.slice(4));
      expect(await page(5, 2)).toEqual([]);
      expect(await page(0, 100)).toEqual(numbered);
    });

    test('hold large payloads', async () => {
      const event = nodeCompleted('z'.repeat(100_000));
      const first = creation({ events: [event] });
      await commit(first);
      expect(await store().executions.events(first.projectId, first.executionId, 0, 1)).toEqual([{ ...event, seq: 1 }]);
    });

    test('are not seen by other projects', async () => {
      const first = creation();
      await commit(first);
      expect(await store().executions.events(newId(), first.executionId, 0, 10)).toEqual([]);
      expect(await store().executions.events(first.projectId, newId(), 0, 10)).toEqual([]);
    });
  });
}
