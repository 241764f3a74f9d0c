import { expect, test } from 'vitest';
import { EventPages } from './event-pages.ts';
import { keyOf, linesOf, placeOf } from './lines.ts';
import { PAGE, pageOf } from './page-of.ts';

const event = (seq: number, type = 'chain.step', data: object = { step: seq, thought: `thought ${seq}` }) => ({
  ...{ seq, type, data, executionId: null, by: null },
  at: '2026-01-01T00:00:00.000Z',
});
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A server with a conversation of so many events, which grows. */
function conversation(count: number, of: (seq: number) => ReturnType<typeof event> = event) {
  const reads: string[] = [];
  const server = { count, isDown: false };
  const pages = new EventPages(async (after, limit) => {
    reads.push(`${after}+${limit}`);
    if (server.isDown) throw new Error('down');
    return Array.from({ length: Math.min(limit, server.count - after) }, (_, index) => of(after + index + 1));
  });
  return { pages, reads, server };
}

test('the newest pages are read first, others when somebody comes there, each once', async () => {
  const { pages, reads } = conversation(950);
  pages.grow(950);
  await settled();
  expect(reads).toEqual(['900+50', '800+100']);
  expect(linesOf(pages).filter(({ kind }) => kind === 'gap')).toHaveLength(8);
  pages.want(2);
  pages.want(2, 99, -1);
  await settled();
  pages.want(2);
  await settled();
  expect(reads.slice(2)).toEqual(['200+100']);
  const lines = linesOf(pages);
  expect(lines.slice(0, 3).map(keyOf)).toEqual(['gap 0', 'gap 1', 'thought 201']);
  expect(lines.at(-1)).toMatchObject({ kind: 'thought', seq: 950 });
});

test('what is said later is read alone, also over the end of a page', async () => {
  const { pages, reads, server } = conversation(PAGE - 1);
  pages.grow(PAGE - 1);
  await settled();
  server.count = PAGE + 2;
  pages.grow(PAGE + 2);
  await settled();
  expect(reads).toEqual(['0+99', '100+2', '99+1']);
  expect(linesOf(pages).map((line) => line.kind !== 'gap' && line.seq)).toEqual(
    Array.from({ length: PAGE + 2 }, (_, index) => index + 1),
  );
});

test('a reading that fails says so, and is tried again when somebody asks', async () => {
  const { pages, server } = conversation(3);
  server.isDown = true;
  pages.grow(3);
  await settled();
  expect(pages.fault).toMatchObject({ message: 'down' });
  server.isDown = false;
  pages.again();
  await settled();
  expect([pages.fault, pages.page(0)?.length]).toEqual([null, 3]);
});

test('a call that begins on one page and ends on the next is one line, found by either number', async () => {
  const { pages } = conversation(PAGE + 1, (seq) => {
    if (seq === PAGE) return event(seq, 'tool.invoked', { invocationId: 'i', tool: 'look', arguments: {} });
    if (seq > PAGE) return event(seq, 'tool.completed', { invocationId: 'i', success: true, durationMs: 1 });
    return event(seq);
  });
  pages.grow(PAGE + 1);
  await settled();
  const lines = linesOf(pages);
  expect(lines).toHaveLength(PAGE);
  expect([placeOf(lines, PAGE), placeOf(lines, PAGE + 1), placeOf(lines, PAGE + 2)]).toEqual([PAGE - 1, PAGE - 1, -1]);
});

test('an event that is not read is found at its gap', () => {
  const lines = linesOf({ last: 300, page: () => undefined });
  expect([placeOf(lines, 1), placeOf(lines, 250), pageOf(PAGE), pageOf(PAGE + 1)]).toEqual([0, 2, 0, 1]);
});
