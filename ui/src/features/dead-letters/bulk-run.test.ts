import { expect, test } from 'vitest';
import { BulkRun, type Outcome, type Run } from './bulk-run.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A server that answers when it is told to. */
function server() {
  const asked: { answer: (outcome: Outcome) => void; fail: (error: Error) => void }[] = [];
  const step = () => new Promise<Outcome>((answer, fail) => asked.push({ answer, fail }));
  return { asked, step };
}

function begin(steps: readonly (() => Promise<Outcome>)[]) {
  const seen: Run[] = [];
  const run = new BulkRun(
    steps,
    (next) => seen.push(next),
    () => Promise.resolve(),
  );
  return { run, seen, now: () => seen.at(-1) };
}

test('stopped and led on while a request is out, it loses nothing of the rest', async () => {
  const { asked, step } = server();
  const { run, now } = begin([step]);
  run.stop();
  run.resume();
  await settled();
  expect(asked).toHaveLength(1);
  asked[0]?.answer({ done: 100, isUnfinished: true });
  await settled();
  expect(now()).toMatchObject({ state: 'working', done: 100 });
  asked[1]?.answer({ done: 7 });
  await settled();
  expect(now()).toMatchObject({ state: 'ended', done: 107 });
});

test('an order that was dropped writes nothing into the next one, and begins nothing more', async () => {
  const { asked, step } = server();
  const first = begin([step]);
  first.run.drop();
  const told = first.seen.length;
  asked[0]?.answer({ done: 100, isUnfinished: true });
  await settled();
  expect(asked).toHaveLength(1);
  expect(first.seen).toHaveLength(told);
});

test('what fails is left to do, and tried again when somebody goes on', async () => {
  const { asked, step } = server();
  const { run, now } = begin(Array.from({ length: 5 }, () => step));
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
  const { asked, step } = server();
  const { now } = begin([step, step]);
  asked[0]?.answer({ faults: [{ id: 'a', message: 'it is in doubt' }] });
  asked[1]?.answer({ refused: 2 });
  await settled();
  expect(now()).toMatchObject({ state: 'ended', refused: 2, faults: [{ id: 'a', message: 'it is in doubt' }] });
});
