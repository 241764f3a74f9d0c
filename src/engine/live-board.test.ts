import { beforeEach, expect, test } from 'vitest';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { Change } from '../ports/live.ts';
import { newId } from '../testing/factories.ts';
import { LiveBoard } from './live-board.ts';

let tell: (change: Change) => void;
let miss: () => void;
let clock: { now: number };
/** Asked for by the loop, in milliseconds; the answer ends it. */
let pauses: { ms: number; end(): void }[];
let paused: PromiseWithResolvers<void>;
let board: LiveBoard;
let connections: number;

beforeEach(async () => {
  clock = { now: 1_000 };
  connections = 0;
  pauses = [];
  paused = Promise.withResolvers();
  const listen = async (heard: (change: Change) => void, missed: () => void) => {
    connections += 1;
    [tell, miss] = [heard, missed];
  };
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve());
      pauses.push({ ms, end: resolve });
      paused.resolve();
      paused = Promise.withResolvers();
    });
  const runtime = { ...systemRuntime('silent'), now: () => clock.now, sleep };
  board = new LiveBoard({ store: { listen, tell: async () => {}, tellMissed: async () => {} }, runtime });
  await board.listen();
});

const changeOf = (projectId: string, over: Partial<Change> = {}): Change => {
  return { projectId, topics: ['executions'], executions: [], more: false, ...over };
};
const execution = (id = newId()) => ({ id, workflowId: newId(), status: 'running' as const });

function read(projectId: string) {
  const frames: (Change | null)[] = [];
  const stop = board.follow(projectId, (change) => frames.push(change));
  return { frames, stop };
}

test('a reader is given what changed in its project, and nothing of others', async () => {
  const [mine, other] = [newId(), newId()];
  const reader = read(mine);
  const stranger = read(other);
  tell(changeOf(mine, { topics: ['workflows'] }));
  await board.runOnce();
  await board.runOnce();
  expect(reader.frames).toEqual([changeOf(mine, { topics: ['workflows'] })]);
  expect(stranger.frames).toEqual([]);
});

test('what several processes tell is one frame, of up to 100 executions', async () => {
  const mine = newId();
  const reader = read(mine);
  const all = Array.from({ length: 120 }, () => execution());
  tell(changeOf(mine, { executions: all.slice(0, 60) }));
  tell(changeOf(mine, { topics: ['approvals'], executions: all.slice(40, 120) }));
  await board.runOnce();
  expect(reader.frames).toEqual([
    changeOf(mine, { topics: ['executions', 'approvals'], executions: all.slice(0, 100), more: true }),
  ]);
});

test('that something was missed goes to every project, instead of what changed', async () => {
  const [one, two] = [newId(), newId()];
  const readers = [read(one), read(two)];
  tell(changeOf(one));
  miss();
  await board.runOnce();
  expect(readers.map(({ frames }) => frames)).toEqual([[null], [null]]);
});

test('a reader that left is given nothing, and one connection serves all', async () => {
  const mine = newId();
  const [gone, here] = [read(mine), read(mine)];
  gone.stop();
  gone.stop();
  tell(changeOf(mine));
  await board.listen();
  await board.runOnce();
  expect([gone.frames.length, here.frames.length, connections]).toEqual([0, 1, 1]);
  here.stop();
  tell(changeOf(mine));
  await board.runOnce();
  expect(here.frames).toHaveLength(1);
});

test('a connection that could not be made is tried again for the next reader', async () => {
  let works = false;
  const listen = async () => {
    if (!works) throw new Error('away');
  };
  const store = { listen, tell: async () => {}, tellMissed: async () => {} };
  const late = new LiveBoard({ store, runtime: systemRuntime('silent') });
  await expect(late.listen()).rejects.toThrow('away');
  works = true;
  await late.listen();
});

test('a project gets at most four frames a second', async () => {
  const mine = newId();
  const reader = read(mine);
  const idle = paused.promise;
  board.start();
  await idle;
  let next = paused.promise;
  tell(changeOf(mine, { topics: ['workflows'] }));
  await next;
  expect(reader.frames).toHaveLength(1);
  clock.now += 100;
  next = paused.promise;
  tell(changeOf(mine, { topics: ['prompts'] }));
  await next;
  expect(reader.frames).toHaveLength(1);
  expect(pauses.at(-1)?.ms).toBe(150);
  clock.now += 150;
  next = paused.promise;
  pauses.at(-1)?.end();
  await next;
  expect(reader.frames.at(-1)?.topics).toEqual(['prompts']);
  await board.stop();
});
