/** A person talks to a workflow. */
import { expect, test } from 'vitest';
import { at, execution, FAILURE, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();

const of = (path: string) => ({ path, attempt: 1 });
const token = (path: string, offset: number, text: string) => ({ type: 'token', ...of(path), offset, text });
const end = (status: string) => ({ type: 'end', status });

/** An assistant of a node that looks and one that answers; `events` are what it streams, `view` how it ends. */
function assistant(events: readonly unknown[], view: object): unknown[] {
  const inputs: unknown[] = [];
  const definition = {
    name: 'demo',
    nodes: [
      { id: 'look', type: 'agent' },
      { id: 'a', type: 'agent' },
    ],
    edges: ['look -> a'],
  };
  routes['GET /api/workflows/demo'] = () => ({
    status: 200,
    body: { id: 'w1', name: 'demo', version: 1, status: 'active', definition, createdAt: at, updatedAt: at },
  });
  routes['POST /api/workflows/demo/execute'] = ({ body }) => {
    inputs.push(body);
    return { status: 202, body: { executionId: 'e1' } };
  };
  routes['GET /api/executions/e1'] = () => ({ status: 200, body: view });
  routes['GET /api/executions/e1/events'] = () => ({
    status: 200,
    events: [{ seq: 1, type: 'execution.completed', at, data: {} }],
  });
  routes['GET /api/executions/e1/stream'] = () => ({ status: 200, events });
  return inputs;
}
async function* typing(...lines: string[]) {
  for (const line of lines) yield `${line}\n`;
}
const said = (output: unknown) => ({ ...execution('completed'), output });

test('each line starts the workflow, within one session; the answer is said once', async () => {
  const events = [
    token('look[0]/model', 0, 'for the next node'),
    token('a[0]/model', 0, 'Hello '),
    token('a[0]/model', 6, 'you\u001b[2J'),
    end('completed'),
  ];
  const inputs = assistant(events, said({ text: 'Hello you\u001b[2J' }));
  const args = ['chat', 'demo', '--session', 's', '--user', 'ada'];
  const { exit, out, err } = await cli(args, { stdin: typing('hi', '', ' again ') });
  expect({ exit, out }).toEqual({ exit: 0, out: 'Hello you [2J\nHello you [2J\n' });
  expect(err).toContain('Session s.');
  const talk = { session: 's', user: 'ada' };
  expect(inputs).toEqual([{ input: { message: 'hi', ...talk } }, { input: { message: 'again', ...talk } }]);
});

test('what did not stream is read from the output: its text, else all of it', async () => {
  assistant([end('completed')], said({ text: 'whole' }));
  expect((await cli(['chat', 'demo'], { stdin: typing('hi') })).out).toBe('whole\n');
  const json = [token('a[0]/model', 0, '{"n":'), token('a[0]/model', 5, '1}'), end('completed')];
  const inputs = assistant(json, said({ n: 1 }));
  const { out, err } = await cli(['chat', 'demo'], { stdin: typing('hi'), env: { USER: 'bo' } });
  expect(out).toBe('{\n  "n": 1\n}\n');
  expect(inputs).toMatchObject([{ input: { user: 'bo', session: expect.stringMatching(/^chat-[0-9a-f]{8}$/) } }]);
  expect(err).toMatch(/Session chat-[0-9a-f]{8}\./);
});

test('a terminal has a prompt for each line', async () => {
  assistant([end('completed')], said('whole'));
  const { out } = await cli(['chat', 'demo'], { stdin: typing('hi'), isTTY: true, env: { NO_COLOR: '1' } });
  expect(out).toBe('you> whole\nyou> \n');
});

test('it says which command decides what it waits for, and why it failed', async () => {
  const waitingFor = [{ path: 'a[1]/pay', reason: 'approval', waitId: 'p1' }];
  assistant([], { ...execution('failed', FAILURE), waitingFor });
  const told = Promise.withResolvers<void>();
  async function* once() {
    await told.promise;
    yield end('failed');
  }
  routes['GET /api/executions/e1/stream'] = () => ({ status: 200, events: once() });
  let err = '';
  const stderr = {
    write: (text: string) => {
      err += text;
      if (text.includes('myelin approve p1')) told.resolve();
    },
  };
  const { exit } = await cli(['chat', 'demo'], { stdin: typing('hi'), stderr });
  expect(exit).toBe(1);
  expect(err).toContain('Waits for an approval at a[1]/pay:\n');
  expect(err).toContain('Failed at a: code_failed: x is not defined\n');
});

test('Ctrl-C ends the turn, and the talk goes on', async () => {
  let interrupt = () => {};
  const turns: string[] = [];
  assistant([], said('whole'));
  routes['POST /api/executions/e1/cancel'] = ({ body }) => {
    turns.push(JSON.stringify(body));
    return { status: 202, body: execution('running') };
  };
  let isFirst = true;
  routes['GET /api/executions/e1/stream'] = () => {
    if (isFirst) interrupt();
    isFirst = false;
    return { status: 200, events: [end('completed')] };
  };
  const onInterrupt = (hear: () => void) => {
    interrupt = hear;
    return () => undefined;
  };
  const { exit, out, err } = await cli(['chat', 'demo'], { stdin: typing('one', 'two'), onInterrupt });
  expect({ exit, out, turns }).toEqual({ exit: 0, out: 'whole\n', turns: ['{"reason":"interrupted in the chat"}'] });
  expect(err).toContain('Interrupted.');
  expect(calls.filter((call) => call.endsWith('/execute'))).toHaveLength(2);
});
