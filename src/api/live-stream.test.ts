import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { beforeEach, expect, test } from 'vitest';
import type { Change } from '../ports/live.ts';
import { LiveStream, type Reader } from './live-stream.ts';

/** The caller's end of a connection, that takes what the test lets it take. */
class Caller extends EventEmitter {
  readonly frames: string[] = [];
  takes = true;
  destroyed = false;

  writeHead(): void {}

  write(text: string): boolean {
    this.frames.push(text.split('\n')[0] ?? '');
    return this.takes;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const CHANGE: Change = { projectId: 'p', topics: ['workflows'], executions: [], more: false };

let ada: Reader;
let caller: Caller;
let stream: LiveStream;
let clock: { now: number };
/** Ends the pause in which the stream is. */
let pass: (ms: number) => Promise<void>;
/** How long it is. */
let pauseMs = 0;

beforeEach(() => {
  ada = { expiresAt: null, isLetIn: async () => true };
  caller = new Caller();
  clock = { now: 0 };
  let wake = () => {};
  let slept = Promise.withResolvers<void>();
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      pauseMs = ms;
      wake = resolve;
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve());
      slept.resolve();
    });
  pass = async (ms) => {
    clock.now += ms;
    slept = Promise.withResolvers();
    wake();
    await slept.promise;
  };
  stream = new LiveStream(caller as unknown as ServerResponse, { now: () => clock.now, sleep });
});

test('it begins by saying that all is to be read, and a comment keeps it open', async () => {
  const over = stream.run(new AbortController().signal, ada);
  stream.tell(CHANGE);
  await pass(15_000);
  expect(caller.frames).toEqual(['event: sync', 'event: changed', ': still here']);
  caller.emit('close');
  await over;
});

test('what a slow caller could not take is made good by one frame that says to read all again', async () => {
  const closing = new AbortController();
  const over = stream.run(closing.signal, ada);
  caller.takes = false;
  stream.tell(CHANGE);
  for (let left = 100; left > 0; left -= 1) stream.tell(CHANGE);
  await pass(15_000);
  expect(caller.frames).toEqual(['event: sync', 'event: changed']);
  caller.takes = true;
  caller.emit('drain');
  stream.tell(CHANGE);
  expect(caller.frames.slice(2)).toEqual(['event: sync', 'event: changed']);
  closing.abort();
  await over;
});

test('one that was slow for a moment and missed nothing is told nothing', async () => {
  const closing = new AbortController();
  caller.takes = false;
  const over = stream.run(closing.signal, ada);
  caller.emit('drain');
  expect(caller.frames).toEqual(['event: sync']);
  closing.abort();
  await over;
});

test('one that takes nothing for a minute is cut off', async () => {
  caller.takes = false;
  const over = stream.run(new AbortController().signal, ada);
  await pass(59_000);
  expect(caller.destroyed).toBe(false);
  void pass(2_000);
  await over;
  expect(caller.destroyed).toBe(true);
  stream.tell(CHANGE);
  expect(caller.frames).toEqual(['event: sync']);
});

test('one that went before it began leaves nothing behind', async () => {
  caller.destroy();
  await stream.run(new AbortController().signal, ada);
  expect(caller.frames).toEqual([]);
});

test('it ends when the caller is not let in any more', async () => {
  let isIn = true;
  const over = stream.run(new AbortController().signal, { ...ada, isLetIn: async () => isIn });
  await pass(15_000);
  isIn = false;
  void pass(15_000);
  await over;
  expect(caller.frames).toEqual(['event: sync', ': still here']);
});

test('it looks when the sign-in ends, and not later', async () => {
  const closing = new AbortController();
  const over = stream.run(closing.signal, { ...ada, expiresAt: 20_000 });
  expect(pauseMs).toBe(15_000);
  await pass(15_000);
  expect(pauseMs).toBe(5_000);
  closing.abort();
  await over;
});
