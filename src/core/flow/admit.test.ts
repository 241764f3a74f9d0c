import { expect, test } from 'vitest';
import { type Admission, admit, type Lane, MAX_BATCH_SIZE, type Taken, type Waiting, without } from './admit.ts';
import type { Gather } from './plan.ts';
import type { Gate } from './ticket.ts';

const NOW = 100_000;
let position = 0;

const gate = (lane: string, limit: number, perMs: number | null = null): Gate => ({ lane, limit, perMs });

function waits(executionId: string, over: Partial<Waiting> = {}, ticket: Partial<Waiting['ticket']> = {}): Waiting {
  position += 1;
  const plain = { lane: 'lane', depth: 10, gather: null, size: 0, gates: [] };
  return { executionId, position, queuedAt: NOW, since: NOW, ...over, ticket: { ...plain, ...ticket } };
}

const atGate = (executionId: string, ...gates: Gate[]) => waits(executionId, {}, { lane: executionId[0]!, gates });
const lane = (...tickets: Waiting[]): Lane => ({ tickets, more: false });
const longer = (one: Lane): Lane => ({ ...one, more: true });

function look(lanes: Lane[], taken: Record<string, number | Taken> = {}): Admission {
  const slots = Object.entries(taken).map(([name, one]): [string, Taken] => [
    name,
    typeof one === 'number' ? { count: one, freeAt: null } : one,
  ]);
  return admit({ now: NOW, lanes, taken: new Map(slots) });
}

const begun = ({ admit: all }: Admission) => all.map(({ executionId }) => executionId);
const dropped = ({ drop }: Admission) => drop.map(({ executionId }) => executionId);

test('nothing waits, nothing is done', () => {
  expect(look([])).toMatchObject({ admit: [], drop: [], move: [], batch: [], since: [], nextAt: null, more: false });
});

test('as many begin as there is room, in order', () => {
  const tickets = ['a1', 'a2', 'a3'].map((id) => atGate(id, gate('A', 3)));
  const done = look([lane(...tickets)], { A: 1 });
  expect(begun(done)).toEqual(['a1', 'a2']);
  expect(done.admit[0]?.slots).toEqual([{ lane: 'A', expiresAt: null }]);
  expect(done).toMatchObject({ nextAt: null, more: false });
});

test('all gates must have room; a full one stops its lane, and no other', () => {
  const both = [gate('A', 1), gate('R', 5, 60_000)];
  const done = look([lane(atGate('a1', ...both), atGate('a2', ...both)), lane(atGate('b1', gate('B', 1), both[1]!))], {
    A: 1,
    R: 2,
  });
  expect(begun(done)).toEqual(['b1']);
  expect(done.admit[0]?.slots).toEqual([
    { lane: 'B', expiresAt: null },
    { lane: 'R', expiresAt: NOW + 60_000 },
  ]);
});

test('lanes that share a gate go by the order of acceptance, over all of them', () => {
  const shared = gate('S', 3);
  const [a1, b1, a2, b2] = ['a1', 'b1', 'a2', 'b2'].map((id) => atGate(id, shared)) as [
    Waiting,
    Waiting,
    Waiting,
    Waiting,
  ];
  expect(begun(look([lane(b1, b2), lane(a1, a2)]))).toEqual(['a1', 'b1', 'a2']);
});

test('a rate that is used up says when it has room again', () => {
  const rate = gate('R', 2, 1_000);
  const tickets = ['a1', 'a2', 'a3'].map((id) => atGate(id, rate));
  expect(look([lane(...tickets)])).toMatchObject({ nextAt: NOW + 1_000 });
  expect(look([lane(...tickets)], { R: { count: 1, freeAt: NOW + 300 } })).toMatchObject({ nextAt: NOW + 300 });
});

test('where the whole lane begins and more lie behind, another look comes at once', () => {
  const one = lane(atGate('a1', gate('A', 2)));
  expect(look([longer(one)]).more).toBe(true);
  expect(look([longer(one)], { A: 2 }).more).toBe(false);
  expect(look([one]).more).toBe(false);
});

const DEBOUNCE: Gather = { kind: 'debounce', waitMs: 5_000, maxMs: 20_000 };
const debounced = (id: string, queuedAt: number, since = queuedAt, gates: Gate[] = [], gather: Gather = DEBOUNCE) =>
  waits(id, { queuedAt, since }, { gather, gates });

test('debounce: the latest stands for the others, and waits', () => {
  const done = look([lane(debounced('a', NOW - 3_000), debounced('b', NOW - 2_000), debounced('c', NOW - 1_000))]);
  expect(dropped(done)).toEqual(['a', 'b']);
  expect(done.drop[0]?.reason).toContain('execution c');
  expect(done.since).toEqual([{ executionId: 'c', since: NOW - 3_000 }]);
  expect(done).toMatchObject({ admit: [], nextAt: NOW + 4_000, more: false });
});

test('debounce: one that is alone waits, and begins when its time has come', () => {
  expect(look([lane(debounced('a', NOW - 4_999))])).toMatchObject({ since: [], admit: [], nextAt: NOW + 1 });
  expect(begun(look([lane(debounced('a', NOW - 5_000))]))).toEqual(['a']);
});

test('debounce: it waits no longer than the limit from the first; without one, as long as starts come', () => {
  const last = (maxMs: number | null) =>
    look([lane(debounced('a', NOW - 1_000, NOW - 20_000, [], { ...DEBOUNCE, maxMs } as Gather))]);
  expect(begun(last(20_000))).toEqual(['a']);
  expect(begun(last(null))).toEqual([]);
});

test('debounce: what lies behind may be later', () => {
  const done = look([longer(lane(debounced('a', NOW - 9_000), debounced('b', NOW - 8_000)))]);
  expect(dropped(done)).toEqual(['a']);
  expect(done).toMatchObject({ admit: [], more: true, since: [{ executionId: 'b', since: NOW - 9_000 }] });
});

test('debounce: with limits it goes to its gates', () => {
  const done = look([lane(debounced('a', NOW - 5_000, NOW - 5_000, [gate('A', 1)]))]);
  expect(done).toMatchObject({ admit: [], move: [{ executionId: 'a', gates: [gate('A', 1)] }], more: true });
});

const BATCH: Gather = { kind: 'batch', waitMs: 5_000, size: 3 };
const gathered = (id: string, queuedAt = NOW, size = 10, gates: Gate[] = []) =>
  waits(id, { queuedAt, since: queuedAt }, { gather: BATCH, size, gates });

test('batch: a full one goes, the rest waits', () => {
  const done = look([lane(...['a', 'b', 'c', 'd'].map((id) => gathered(id)))]);
  expect(done.batch).toEqual([{ executionId: 'a', members: ['a', 'b', 'c'] }]);
  expect(begun(done)).toEqual(['a']);
  expect(dropped(done)).toEqual(['b', 'c']);
  expect(done.drop[0]?.reason).toContain('execution a');
  expect(done).toMatchObject({ nextAt: NOW + 5_000, more: false });
});

test('batch: one whose time is over goes as it is', () => {
  const done = look([lane(gathered('a', NOW - 5_000), gathered('b'))]);
  expect(done.batch).toEqual([{ executionId: 'a', members: ['a', 'b'] }]);
});

test('batch: several at once; what lies behind is looked at again', () => {
  const done = look([longer(lane(...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => gathered(id))))]);
  expect(done.batch.map(({ executionId }) => executionId)).toEqual(['a', 'd']);
  expect(done.more).toBe(true);
});

test('batch: it is closed before it becomes too large, and takes one of any size', () => {
  const half = MAX_BATCH_SIZE / 2;
  const done = look([lane(gathered('a', NOW, half), gathered('b', NOW, half), gathered('c', NOW, half))]);
  expect(done.batch).toEqual([{ executionId: 'a', members: ['a', 'b'] }]);
  expect(look([lane(gathered('a', NOW - 5_000, half * 3))]).batch).toEqual([{ executionId: 'a', members: ['a'] }]);
});

test('batch: with limits it goes to its gates', () => {
  const done = look([lane(gathered('a', NOW - 5_000, 1, [gate('A', 1)]), gathered('b', NOW, 1, [gate('A', 1)]))]);
  expect(done).toMatchObject({ admit: [], drop: [{ executionId: 'b' }], move: [{ executionId: 'a' }], more: true });
});

test('what has gone on meanwhile is left out, and a batch with all of its members', () => {
  const done = look([
    lane(atGate('x1', gate('X', 2)), atGate('x2', gate('X', 2))),
    lane(...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => gathered(id, NOW, 1, id < 'd' ? [gate('A', 1)] : []))),
  ]);
  expect(without(done, new Set())).toBe(done);
  const left = without(done, new Set(['x1', 'a']));
  expect(begun(left)).toEqual(['d', 'x2']);
  expect(dropped(left)).toEqual(['e', 'f']);
  expect(left).toMatchObject({ move: [], more: false });
  expect(left.batch.map(({ executionId }) => executionId)).toEqual(['d']);
});
