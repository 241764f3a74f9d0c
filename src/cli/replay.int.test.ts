/** Replays of messages in the terminal. */
import { expect, test } from 'vitest';
import { at, problem, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();
const target = { workflowId: 'w1', workflowName: 'shipping', version: 3, trigger: 'placed' };
const replay = (over: object = {}) => ({
  ...{ id: 'r1', status: 'running', filter: { type: 'order.*' }, ...target, effects: 'suppress', total: 5 },
  ...{ started: 0, skipped: 0, refused: 0, position: 0, error: null, createdAt: at, finishedAt: null },
  ...over,
});

test('a dry run says how many there are and how many the trigger takes, and shows the first', async () => {
  let asked: unknown;
  const first = [
    { position: 7, id: 'm1', type: 'order.placed', key: 'k7', at, starts: true },
    { position: 9, id: 'm2', type: 'order.lost', key: null, at, starts: false },
  ];
  let counts = { total: 1234, more: false, examined: 1234, taken: 1000, refused: 0 };
  routes['POST /api/replays'] = ({ body }) => {
    asked = body;
    return { status: 200, body: { dryRun: true, ...target, ...counts, first } };
  };
  const look = () => cli(['replay', '--type', 'order.*', '--from', at, '--into', 'shipping', '--dry-run']);
  const { exit, out } = await look();
  expect(exit).toBe(0);
  expect(asked).toEqual({
    ...{ filter: { type: 'order.*', from: at }, workflow: 'shipping', effects: 'run', dryRun: true },
  });
  expect(out).toContain('1234 messages found, of which 1000 would start shipping v3 by its trigger placed\n');
  expect(out).toMatch(/7 +order\.placed +k7 +2026-07-01 12:00:00 +yes/);
  expect(out).toMatch(/9 +order\.lost +2026-07-01 12:00:00 +no/);
  counts = { total: 20_000, more: false, examined: 10_000, taken: 7, refused: 2 };
  expect((await look()).out).toContain('20000 messages found; of the first 10000, 7 would start');
  counts = { total: 100_000, more: true, examined: 10_000, taken: 7, refused: 2 };
  expect((await look()).out).toMatch(
    /at least 100000 messages found; of the first 10000, 7 .* placed; 2 could start no/,
  );
});

test('a replay is followed to its end, with a bar on a terminal', async () => {
  let asked: unknown;
  routes['POST /api/replays'] = ({ body }) => {
    asked = body;
    return { status: 201, body: replay() };
  };
  const looks = [replay({ started: 2 }), replay({ status: 'completed', started: 3, skipped: 1, refused: 1 })];
  routes['GET /api/replays/r1'] = () => ({ status: 200, body: looks.shift() });
  const { exit, out, err } = await cli(['replay', '--into', 'shipping', '--suppress-effects'], { isTTY: true });
  expect(exit).toBe(0);
  expect(asked).toEqual({ filter: {}, workflow: 'shipping', effects: 'suppress' });
  expect(err).toContain('40 %  2 of 5');
  expect(err).toContain('100 %  5 of 5');
  expect(out).toContain('3 executions of shipping were started; 1 message did not fit its trigger; 1 message could');
});

test('one that fails says why, by its exit code too', async () => {
  const error = { code: 'workflow_not_active', message: 'The workflow shipping is not active any more.' };
  routes['POST /api/replays'] = () => ({ status: 201, body: replay({ status: 'failed', started: 1, error }) });
  const failed = await cli(['replay', '--into', 'shipping']);
  expect(failed.exit).toBe(1);
  expect(failed.out).toContain('The replay failed; 1 execution of shipping was started');
  expect(failed.out).toContain('workflow_not_active: The workflow shipping is not active any more.');
  routes['POST /api/replays'] = () => problem(404, 'workflow_not_found', 'There is no workflow shiping.');
  expect(await cli(['replay', '--into', 'shiping'])).toMatchObject({
    exit: 4,
    err: 'myelin: There is no workflow shiping.\nList them with `myelin workflows`.\n',
  });
  const before = calls.length;
  expect((await cli(['replay'])).exit).toBe(2);
  expect(calls).toHaveLength(before);
});

test('replays are listed, and one is canceled', async () => {
  routes['GET /api/replays?limit=20'] = () => ({
    status: 200,
    body: { items: [replay({ started: 2 })], nextCursor: null },
  });
  expect((await cli(['replays'])).out).toMatch(/r1 +shipping +running +2 of 5 +suppressed +2026-07-01 12:00:00/);
  routes['POST /api/replays/r1/cancel'] = () => ({ status: 200, body: replay({ status: 'canceled', started: 2 }) });
  expect((await cli(['replays', '--cancel', 'r1'])).out).toContain('r1 is canceled, with 2 executions started');
  routes['GET /api/replays?limit=20'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  expect((await cli(['replays'])).err).toContain('Nothing was replayed yet');
});
