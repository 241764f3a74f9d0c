import { expect, test } from 'vitest';
import type { EventAnswer } from '../../../../../src/contract/executions.ts';
import { EventStore } from './event-store.ts';
import type { ReadEvents } from './read-events.ts';

const PAGE = 200;
const MOST_PAGES = 200;

const event = (seq: number): EventAnswer => ({
  seq,
  type: 'node.completed',
  at: new Date(seq).toISOString(),
  data: {},
});

/** A history that grows, and a line to it that can be cut. */
class History {
  readonly asked: { readonly after: number; readonly limit: number }[] = [];
  length: number;
  isCut = false;

  constructor(length: number) {
    this.length = length;
  }

  get events(): number {
    return this.asked.reduce((sum, { limit }) => sum + limit, 0);
  }

  readonly read: ReadEvents = async (_, after, limit) => {
    this.asked.push({ after, limit });
    if (this.isCut) throw new Error('the line is cut');
    const count = Math.max(0, Math.min(limit, this.length - after));
    return { items: Array.from({ length: count }, (_, index) => event(after + index + 1)) };
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test.each([0, 1, 199, 200, 201, 399, 400, 401, 12_345, 100_000, 1_000_001])(
  'the end of %i events is found, and few of them are read for that',
  async (length) => {
    const history = new History(length);
    const store = new EventStore('a', history.read);
    await store.findEnd();
    expect(store.isFound).toBe(true);
    expect(store.last).toBe(length);
    expect(history.events).toBeLessThan(3 * PAGE);
    expect(store.at(length)?.seq).toBe(length === 0 ? undefined : length);
  },
);

test('where the line is cut while it looks for the end, it says so, and finds it when it looks again', async () => {
  const history = new History(5_000);
  const store = new EventStore('a', history.read);
  history.isCut = true;
  await store.findEnd();
  expect(store.isFound).toBe(false);
  expect(store.fault?.message).toBe('the line is cut');
  history.isCut = false;
  await store.findEnd();
  expect(store.isFound).toBe(true);
  expect(store.fault).toBeNull();
  expect(store.last).toBe(5_000);
});

test('after a time without news the end is looked for from what is known', async () => {
  const history = new History(300);
  const store = new EventStore('a', history.read);
  await store.findEnd();
  history.length = 90_000;
  await store.findEnd();
  expect(store.last).toBe(90_000);
});

test('what is looked at is read once, page by page; a page that could not be read is read again when that is asked', async () => {
  const history = new History(1_000);
  const store = new EventStore('a', history.read);
  await store.findEnd();
  history.asked.length = 0;
  store.want(450);
  store.want(451);
  await settled();
  store.want(460);
  expect(history.asked).toEqual([{ after: 400, limit: PAGE }]);
  expect(store.at(450)?.seq).toBe(450);
  store.want(1_001);
  store.want(0);
  expect(history.asked).toHaveLength(1);
  history.isCut = true;
  store.want(650);
  await settled();
  expect(store.fault?.message).toBe('the line is cut');
  expect(store.at(650)).toBeUndefined();
  history.isCut = false;
  store.again();
  await settled();
  expect(store.at(650)?.seq).toBe(650);
  expect(store.fault).toBeNull();
});

test('what happens is added at the end, and told', async () => {
  const history = new History(3);
  const store = new EventStore('a', history.read);
  await store.findEnd();
  const before = store.version();
  let told = 0;
  const stop = store.subscribe(() => {
    told += 1;
  });
  store.add(event(4));
  stop();
  store.add(event(5));
  expect(told).toBe(1);
  expect(store.version()).toBe(before + 2);
  expect(store.last).toBe(5);
  expect(store.at(4)?.seq).toBe(4);
});

test('of more pages than it keeps, the oldest go, never the one just read nor the end; what went is read again', async () => {
  const pages = MOST_PAGES + 20;
  const history = new History(pages * PAGE);
  const store = new EventStore('a', history.read);
  await store.findEnd();
  for (let page = 1; page < pages - 1; page += 1) {
    store.want(page * PAGE + 1);
    await settled();
    expect(store.at(page * PAGE + 1)?.seq).toBe(page * PAGE + 1);
  }
  const kept = Array.from({ length: pages }, (_, page) => page).filter(
    (page) => store.at((page + 1) * PAGE) !== undefined,
  );
  expect(kept).toHaveLength(MOST_PAGES);
  expect(kept.at(-1)).toBe(pages - 1);
  expect(store.at(1)).toBeUndefined();
  store.want(1);
  await settled();
  expect(store.at(1)?.seq).toBe(1);
  expect(store.at(pages * PAGE)?.seq).toBe(pages * PAGE);
});
