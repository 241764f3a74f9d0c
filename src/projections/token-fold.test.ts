import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExecutionEvent } from '../core/execution/index.ts';
import { FAILURE } from '../testing/factories.ts';
import { parseCursor, printCursor } from './token-cursor.ts';
import { type StreamEvent, TokenFold } from './token-fold.ts';

const started = (path: string, attempt = 1): ExecutionEvent => ({
  ...{ type: 'node.started', at: 1, data: { path, attempt } },
});
const completed = (path: string, output: unknown): ExecutionEvent => ({
  ...{ type: 'node.completed', at: 1, data: { path, port: 'out', output } },
});
const retrying = (path: string, attempt: number): ExecutionEvent => ({
  ...{ type: 'node.retrying', at: 1, data: { path, attempt, error: FAILURE, timerId: null, until: 1 } },
});

const isModel = (path: string) => path.startsWith('m');

/** In short: `m+abc` a token, `m!` a reset, `m:started` a call. */
const short = (event: StreamEvent): string =>
  event.type === 'token'
    ? `${event.path}+${event.text}`
    : `${event.path}${event.type === 'reset' ? '!' : `:${event.state}`}`;

class Journal {
  #seq = 0;

  /** What comes of these events, in short. */
  tell(fold: TokenFold, ...events: ExecutionEvent[]): string[] {
    return events.flatMap((event) => [...fold.learn({ ...event, seq: ++this.#seq })].map(short));
  }
}

const take = (fold: TokenFold, path: string, text: string) => [...fold.take(path, text)].map(short);

test('a text goes out as it comes, and the journal adds what was missing', () => {
  const [fold, journal] = [new TokenFold(isModel), new Journal()];
  expect(journal.tell(fold, started('m'), started('other'))).toEqual(['m:started']);
  expect([take(fold, 'm', 'He'), take(fold, 'm', 'He'), take(fold, 'm', 'Hell')]).toEqual([['m+He'], [], ['m+ll']]);
  expect(journal.tell(fold, completed('m', { text: 'Hello' }), completed('other', { text: 'x' }))).toEqual([
    ...['m+o', 'm:completed'],
  ]);
  expect(take(fold, 'm', 'Hello and more')).toEqual([]);
  expect(printCursor(fold.cursor)).toBe('4');
});

test('an attempt that is superseded is reset, if anything of it went out', () => {
  const [fold, journal] = [new TokenFold(isModel), new Journal()];
  journal.tell(fold, started('m'));
  expect(journal.tell(fold, retrying('m', 1), started('m', 2))).toEqual(['m:failed', 'm:started']);
  take(fold, 'm', 'wrong');
  expect(printCursor(fold.cursor)).toBe('3;m#2@5');
  expect(journal.tell(fold, started('m', 3))).toEqual(['m!', 'm:started']);
  expect(take(fold, 'm', 'right')).toEqual(['m+right']);
});

test('the journal has the last word where what went out is not how it begins', () => {
  const [fold, journal] = [new TokenFold(isModel), new Journal()];
  journal.tell(fold, started('m1'), started('m2'), started('m3'));
  for (const path of ['m1', 'm2', 'm3']) take(fold, path, 'from a model that broke');
  expect(journal.tell(fold, completed('m1', { text: 'another' }))).toEqual(['m1!', 'm1+another', 'm1:completed']);
  expect(journal.tell(fold, completed('m2', { text: 'long enough, and yet not the same' }))[0]).toBe('m2!');
  expect(journal.tell(fold, completed('m3', { object: 1 }))).toEqual(['m3:completed']);
});

test('from any event on, another process goes on without a gap and without a repetition', () => {
  const text = 'a\u{1f600}b'.repeat(30_000);
  const whole: ExecutionEvent[] = [
    ...[started('m1'), started('m2'), retrying('m2', 1), started('m2', 2)],
    ...[completed('m1', { text }), completed('m2', { text: 'Hi' })],
  ];
  const stored = whole.map((event, index) => ({ ...event, seq: index + 1 }));
  /** Reads the journal, and after its first events what goes on. */
  function* read(fold: TokenFold): Generator<[StreamEvent, string]> {
    for (const event of [undefined, ...stored.filter(({ seq }) => seq > fold.seq)]) {
      if (event !== undefined) for (const out of fold.learn(event)) yield [out, printCursor(fold.cursor)];
      const m2 = fold.calls.find(({ path }) => path === 'm2');
      if (m2 === undefined) continue;
      for (const out of fold.take('m2', m2.attempt === 1 ? 'No' : 'H')) yield [out, printCursor(fold.cursor)];
    }
  }
  /** Texts and calls of each path; which of two calls speaks first may differ. */
  const byPath = (events: readonly StreamEvent[]) =>
    ['m1', 'm2'].map((path) => {
      const own = events.filter((event) => event.path === path);
      const texts = own.flatMap((event) => (event.type === 'call' ? [] : [short(event).length]));
      return { texts, calls: own.flatMap((event) => (event.type === 'call' ? [event.state] : [])) };
    });
  const expected = [...read(new TokenFold(isModel))].map(([event]) => event);
  expect(expected.length).toBeGreaterThan(9);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: expected.length }), { maxLength: 5 }), (cuts) => {
      const got: StreamEvent[] = [];
      let id = '0';
      for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
        let count = 0;
        for (const [event, next] of read(new TokenFold(isModel, parseCursor(id)))) {
          if (count++ >= cut) break;
          got.push(event);
          id = next;
        }
      }
      expect(byPath(got)).toEqual(byPath(expected));
    }),
    { numRuns: 50 },
  );
});

test('a cursor is read as it was written, and anything else refused by name', () => {
  const cursor = { seq: 12, calls: [{ path: 'a[0]/b-c_d', attempt: 2, offset: 34 }], hasEnd: true } as const;
  expect(parseCursor(printCursor(cursor))).toEqual(cursor);
  expect(parseCursor('7')).toEqual({ seq: 7, calls: [] });
  const odd = [
    'x',
    '-1',
    '1;',
    '1;a',
    '1;a#1',
    '1;a#1@',
    '1;a b#1@2',
    '1;end;a#1@2',
    '1;a#1@2;;',
    `1;${'a'.repeat(5000)}#1@1`,
  ];
  for (const id of odd) expect(() => parseCursor(id), id).toThrow(/^headers.last-event-id: .* is no id of this stream/);
});
