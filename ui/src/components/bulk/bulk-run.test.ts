import { expect, test } from 'vitest';
import { BulkRun, type BulkRunOptions, type Outcome, type Run } from './bulk-run.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A server that answers when it is told to. */
function server() {
  const asked: { part: string; answer: (outcome: Outcome<string>) => void; fail: (error: Error) => void }[] = [];
  const act = (part: string) => new Promise<Outcome<string>>((answer, fail) => asked.push({ part, answer, fail }));
  return { asked, act };
}

function begin(act: BulkRunOptions<string>['act'], parts: readonly string[], before?: Run) {
  const seen: Run[] = [];
  let rest: readonly string[] = [];
  const run = new BulkRun({
    parts,
    act,
    changed: (next, left) => {
      seen.push(next);
      rest = left;
    },
    settled: () => Promise.resolve(),
    ...(before && { before }),
  });
  return { run, seen, now: () => seen.at(-1), rest: () => rest };
}

test('stopped and led on while a request is out, it loses nothing of the rest', async () => {
  const { asked, act } = server();
  const { run, now } = begin(act, ['a']);
  run.stop();
  run.resume();
  await settled();
  expect(asked).toHaveLength(1);
  asked[0]?.answer({ done: 100, rest: 'a from 100' });
  await settled();
  expect(now()).toMatchObject({ state: 'working', done: 100 });
  expect(asked[1]?.part).toBe('a from 100');
  asked[1]?.answer({ done: 7 });
  await settled();
  expect(now()).toMatchObject({ state: 'ended', done: 107 });
});

test('an order that was dropped writes nothing into the next one, and begins nothing more', async () => {
  const { asked, act } = server();
  const first = begin(act, ['a']);
  first.run.drop();
  const told = first.seen.length;
  asked[0]?.answer({ done: 100, rest: 'a from 100' });
  await settled();
  expect(asked).toHaveLength(1);
  expect(first.seen).toHaveLength(told);
});

test('what fails is left to do, and tried again when somebody goes on', async () => {
  const { asked, act } = server();
  const { run, now } = begin(act, ['a', 'b', 'c', 'd', 'e']);
  for (const one of asked.slice(1)) one.answer({ done: 1 });
  asked[0]?.fail(new Error('the server is away'));
  await settled();
  expect(now()).toMatchObject({ state: 'stopped', done: 3, error: { message: 'the server is away' } });
  run.resume();
  await settled();
  expect(asked).toHaveLength(6);
  for (const one of asked.slice(4)) one.answer({ done: 1 });
  await settled();
  expect(now()).toEqual({ state: 'ended', done: 5, refused: 0, faults: [] });
});

test('of what is refused it is kept which, and why', async () => {
  const { asked, act } = server();
  const { now } = begin(act, ['a', 'b']);
  asked[0]?.answer({ faults: [{ id: 'a', message: 'it is in doubt' }] });
  asked[1]?.answer({ refused: 2 });
  await settled();
  expect(now()).toMatchObject({ state: 'ended', refused: 2, faults: [{ id: 'a', message: 'it is in doubt' }] });
});

test('one that was cut off waits until somebody goes on, and begins with what was left', async () => {
  const { asked, act } = server();
  const before = { state: 'working', done: 7, refused: 1, faults: [] } as const;
  const { run, now, rest } = begin(act, ['a from 100', 'b'], before);
  await settled();
  expect(asked).toHaveLength(0);
  expect(now()).toEqual({ ...before, state: 'stopped' });
  run.resume();
  await settled();
  expect(asked.map(({ part }) => part)).toEqual(['a from 100', 'b']);
  asked[0]?.answer({ done: 2, rest: 'a from 200' });
  asked[1]?.fail(new Error('away'));
  await settled();
  expect(now()).toMatchObject({ state: 'stopped', done: 9 });
  expect(rest()).toEqual(['a from 200', 'b']);
});
