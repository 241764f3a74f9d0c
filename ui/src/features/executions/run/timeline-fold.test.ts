import { expect, test } from 'vitest';
import { segmentAt, TimelineFold, visibleRows } from './timeline-fold.ts';

const START = Date.UTC(2026, 0, 1);
type Told = readonly [type: string, second: number, data?: Readonly<Record<string, unknown>>];

function folded(told: readonly Told[]): TimelineFold {
  const fold = new TimelineFold();
  told.forEach(([type, second, data = {}], index) => {
    fold.add({ seq: index + 1, type, at: new Date(START + second * 1_000).toISOString(), data });
  });
  return fold;
}

const second = (ms: number | null) => (ms === null ? null : (ms - START) / 1_000);
const barsOf = (fold: TimelineFold) =>
  visibleRows(fold.roots, () => true).map(({ path, segments }) => [
    path,
    ...segments.map(({ kind, from, to, end }) => `${kind} ${second(from)}-${second(to)} ${end}`),
  ]);

const error = { code: 'timeout', kind: 'transient', message: 'slow' };

test('attempts, the pause between them and the time in the queue are bars of one node', () => {
  const fold = folded([
    ['execution.created', 0],
    ['execution.started', 1],
    ['node.started', 1, { path: 'a', attempt: 1 }],
    ['node.retrying', 2, { path: 'a', attempt: 1, error, timerId: 't', until: START + 4_000 }],
    ['node.woken', 4, { path: 'a' }],
    ['node.started', 5, { path: 'a', attempt: 2 }],
    ['node.completed', 7, { path: 'a', port: 'out' }],
  ]);
  expect(barsOf(fold)).toEqual([['a', 'work 1-2 failed', 'retry 2-4 ok', 'queue 4-5 ok', 'work 5-7 ok']]);
  expect(fold.whole.segments).toMatchObject([{ kind: 'queue', end: 'ok' }]);
  expect(fold.roots[0]?.segments[0]?.note).toBe('slow (timeout)');
});

test('what is decided in memory is a point, what goes on is open', () => {
  const fold = folded([
    ['node.completed', 1, { path: 'a', port: 'out' }],
    ['node.waiting', 1, { path: 'b', for: { kind: 'approval' } }],
    ['node.waiting', 3, { path: 'b', for: { kind: 'approval' } }],
  ]);
  expect(barsOf(fold)).toEqual([
    ['a', 'work 1-1 ok'],
    ['b', 'wait 1-null open'],
  ]);
});

test('iterations stand below their container, branches by their names; they last as long as what is inside', () => {
  const fold = folded([
    ['container.opened', 0, { path: 'each', iteration: { items: [1] } }],
    ['iteration.started', 0, { path: 'each', index: 0 }],
    ['node.started', 0, { path: 'each[0]/in', attempt: 1 }],
    ['node.completed', 2, { path: 'each[0]/in' }],
    ['node.started', 3, { path: 'each[0]/then', attempt: 1 }],
    ['container.opened', 3, { path: 'both', iteration: { branches: ['left'] } }],
    ['iteration.started', 3, { path: 'both', index: 0 }],
    ['node.failed', 4, { path: 'each[0]/then', error, port: null }],
  ]);
  expect(barsOf(fold)).toEqual([
    ['each', 'span 0-null open'],
    ['each[0]', 'span 0-4 failed'],
    ['each[0]/in', 'work 0-2 ok'],
    ['each[0]/then', 'work 3-4 failed'],
    ['both', 'span 3-null open'],
    ['both[left]', 'span 3-null open'],
  ]);
  expect(visibleRows(fold.roots, () => false).map(({ path }) => path)).toEqual(['each', 'both']);
});

test('an end calls off what is open', () => {
  const fold = folded([
    ['node.started', 0, { path: 'a', attempt: 1 }],
    ['execution.canceled', 1, { reason: 'enough' }],
  ]);
  expect(barsOf(fold)).toEqual([['a', 'work 0-1 cut']]);
});

test('what was undone is over, and a retry of the undoing is in the queue until its first node', () => {
  const fold = folded([
    ['container.opened', 0, { path: 'each', iteration: { items: [1] } }],
    ['node.waiting', 1, { path: 'ask', for: { kind: 'approval' } }],
    ['execution.compensating', 2, { error, path: null }],
    ['node.failed', 3, { path: 'undo', error, port: null }],
    ['execution.compensation_failed', 3, { error }],
    ['execution.retried', 5, { reason: 'mended' }],
    ['node.compensating', 6, { path: 'undo', of: 'pay' }],
    ['node.completed', 7, { path: 'undo', port: 'out' }],
    ['node.waiting', 7, { path: 'ask', for: { kind: 'approval' } }],
    ['execution.compensated', 8, { error }],
  ]);
  expect(fold.whole.segments).toMatchObject([{ kind: 'queue', from: START + 5_000, to: START + 6_000, end: 'ok' }]);
  expect(barsOf(fold)).toEqual([
    ['each', 'span 0-3 cut'],
    ['ask', 'wait 1-3 cut', 'wait 7-8 cut'],
    ['undo', 'work 3-3 failed', 'queue 6-7 ok'],
  ]);
});

test('an event that comes twice counts once', () => {
  const fold = folded([['node.completed', 1, { path: 'a' }]]);
  fold.add({ seq: 1, type: 'node.completed', at: new Date(START).toISOString(), data: { path: 'b' } });
  expect(fold.roots).toHaveLength(1);
});

test('a bar as it was: not begun, open, ended', () => {
  const [segment] =
    folded([
      ['execution.started', 0],
      ['node.started', 1, { path: 'a', attempt: 1 }],
      ['node.completed', 2, { path: 'a' }],
    ]).roots[0]?.segments ?? [];
  if (segment === undefined) throw new Error('there is no bar');
  expect(segmentAt(segment, 1)).toBeUndefined();
  expect(segmentAt(segment, 2)).toMatchObject({ to: null, end: 'open' });
  expect(segmentAt(segment, 3)).toMatchObject({ end: 'ok' });
});
