/** What starts an execution, and what follows one. */
import { expect, test } from 'vitest';
import { execution, FAILURE, problem, useCliStage } from '../testing/cli-stage.ts';

const { cli, ending, file, routes } = useCliStage();

test('run takes its input as JSON, from a file and from standard input', async () => {
  const inputs: unknown[] = [];
  routes['POST /api/workflows/demo/execute'] = ({ body }) => {
    inputs.push(body);
    return { status: 202, body: { executionId: 'e1' } };
  };
  file('input.yaml', 'a: 1\n');
  async function* stdin() {
    yield Buffer.from('{"b":');
    yield '2}';
  }
  expect(await cli(['run', 'demo'])).toEqual({ exit: 0, out: 'e1\n', err: 'Follow it with `myelin watch e1`.\n' });
  await cli(['run', 'demo', '--input', '[1]']);
  await cli(['run', 'demo', '--input', 'input.yaml']);
  const { out } = await cli(['run', 'demo', '--input', '-', '--json'], { stdin: stdin() });
  expect(JSON.parse(out)).toEqual({ executionId: 'e1' });
  expect(inputs).toEqual([{}, { input: [1] }, { input: { a: 1 } }, { input: { b: 2 } }]);
  expect(await cli(['run', 'demo', '--input', '{"a":'])).toMatchObject({ exit: 2, out: '' });
  expect(await cli(['run', 'demo', '--input', 'no-such-file'])).toMatchObject({
    exit: 2,
    err: 'myelin: There is no file no-such-file.\n',
  });
  expect((await cli(['run', 'demo', '--input', '.'])).err).toBe('myelin: . is a folder. Name a file in it.\n');
});

test('emit sends a message and prints its id', async () => {
  const sent: unknown[] = [];
  routes['POST /api/events'] = ({ body }) => {
    sent.push(body);
    return { status: 202, body: { ids: ['m1'] } };
  };
  const full = ['emit', 'order.created', '--data', '{"n":1}', '--key', 'k', '--topic', 't', '--subject', 's'];
  expect(await cli([...full, '--source', '/x', '--id', 'm1'])).toEqual({ exit: 0, out: 'm1\n', err: '' });
  const { out } = await cli(['emit', 'ping', '--json']);
  expect(JSON.parse(out)).toEqual({ ids: ['m1'] });
  const rest = { data: { n: 1 }, key: 'k', topic: 't', subject: 's', source: '/x', id: 'm1' };
  expect(sent).toEqual([{ type: 'order.created', ...rest }, { type: 'ping' }]);
  const trigger = (config: object, active: boolean) => ({
    ...{ id: 't', workflowId: 'w', workflowName: 'demo', name: 'on', type: 'event', config, active },
    ...{ url: null, nextAt: null, lastAt: null, state: null },
  });
  const listening = (...items: object[]) => {
    routes['GET /api/triggers'] = () => ({ status: 200, body: { items, nextCursor: null } });
  };
  listening(trigger({ event: 'order.*' }, false), trigger({ event: 'order.created', topic: 'other' }, true));
  expect((await cli(['emit', 'order.created'])).err).toMatch('No active trigger listens for order.created');
  listening(trigger({ event: 'order.*' }, true));
  expect(await cli(['emit', 'order.created'])).toMatchObject({ exit: 0, err: '' });
  expect(await cli(['emit', 'ping', '--data', '{'])).toMatchObject({ exit: 2, err: expect.stringMatching('--data') });
});

test('run --wait prints the output alone on stdout and follows on stderr', async () => {
  routes['POST /api/workflows/demo/execute'] = () => ({ status: 202, body: { executionId: 'e1' } });
  ending('completed');
  expect(await cli(['run', 'demo', '--wait'])).toEqual({
    exit: 0,
    out: '{\n  "n": 1\n}\n',
    err: '▶ a  running\ndemo running\n✓ a  completed  500ms\ndemo completed  {"n":1}\n',
  });
  ending('failed');
  const { exit, out, err } = await cli(['run', 'demo', '--wait', '--json']);
  expect({ exit, status: JSON.parse(out).status, err }).toEqual({ exit: 1, status: 'failed', err: '' });
});

test.each([
  ['completed', 0],
  ['failed', 1],
  ['canceled', 2],
] as const)('watch of an execution that is %s exits %d', async (status, exit) => {
  ending(status);
  const plain = await cli(['watch', 'e1']);
  expect(plain.exit).toBe(exit);
  expect(plain.out).toContain(`demo ${status}`);
  expect(plain.out).not.toContain('\u001b');
  const json = await cli(['watch', 'e1', '--json']);
  expect(json.exit).toBe(exit);
  expect(
    json.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  ).toEqual([1, 2]);
});

test('stream prints texts as they come, names whose they are, and acts on no terminal for them', async () => {
  const of = (path: string) => ({ path, attempt: 1 });
  const events = [
    { type: 'call', ...of('a'), state: 'started' },
    { type: 'token', ...of('a'), offset: 0, text: 'one\n' },
    { type: 'token', ...of('a'), offset: 4, text: 'two\u001b[2J' },
    { type: 'token', ...of('b[0]/c'), offset: 0, text: 'three' },
    { type: 'reset', path: 'a', attempt: 2 },
    { type: 'token', path: 'a', attempt: 2, offset: 0, text: 'four' },
    { type: 'end', status: 'failed' },
  ];
  routes['GET /api/executions/e1/stream'] = () => ({ status: 200, events });
  routes['GET /api/executions/e1/stream?from=start'] = () => ({ status: 200, events: events.slice(-1) });
  // It is looked at once, after its end.
  routes['GET /api/executions/e1'] = () => ({ status: 200, body: execution('failed', FAILURE) });
  expect(await cli(['stream', 'e1'])).toEqual({
    exit: 1,
    out: 'a:\none\ntwo [2J\nb[0]/c:\nthree\na begins anew\na:\nfour\n',
    err: '',
  });
  const json = await cli(['stream', 'e1', '--json', '--from-start']);
  expect(json).toMatchObject({ exit: 1, out: '{"type":"end","status":"failed","id":""}\n' });
});

test('watch outlives a server that is away between an event and the look at it', async () => {
  ending('completed');
  const look = routes['GET /api/executions/e1']!;
  let looks = 0;
  routes['GET /api/executions/e1'] = (request) =>
    ++looks === 2 ? problem(503, 'store_unavailable', 'PostgreSQL does not answer.') : look(request);
  expect(await cli(['watch', 'e1'])).toMatchObject({ exit: 0, err: '' });
  expect(looks).toBeGreaterThanOrEqual(3);
});

test('on a terminal watch draws in place', async () => {
  ending('completed');
  const { out } = await cli(['watch', 'e1'], { isTTY: true });
  expect(out).toContain('\u001b[2A\r\u001b[?7l\u001b[J');
  expect(out.slice(out.lastIndexOf('\u001b[J'))).toContain('completed');
});

test('triggers poll lets a poll look now, by its names or its id', async () => {
  const asked: string[] = [];
  const of = (id: string, workflowName: string, name: string, type = 'poll') => {
    routes[`POST /api/triggers/${id}/poll`] = () => {
      asked.push(id);
      return { status: 204 };
    };
    const times = { nextAt: '2026-11-27T08:01:00.000Z', lastAt: '2026-11-27T08:00:00.000Z' };
    return {
      id,
      workflowId: 'w',
      workflowName,
      name,
      type,
      config: {},
      active: true,
      url: null,
      state: null,
      ...times,
    };
  };
  const items = [of('t1', 'shop', 'orders'), of('t2', 'shop', 'returns'), of('t3', 'prices', 'list')];
  routes['GET /api/triggers'] = () => ({
    status: 200,
    body: { items: [...items, of('t4', 'shop', 'on', 'manual')], nextCursor: null },
  });
  expect((await cli(['triggers'])).out).toMatch(/shop +orders +poll +active +2026-11-27 08:01:00 +2026-11-27 08:00:00/);
  expect(await cli(['triggers', 'poll', 'shop', 'returns'])).toEqual({
    ...{ exit: 0, err: '' },
    out: 'shop returns looks now; `myelin triggers` tells how it went\n',
  });
  expect((await cli(['triggers', 'poll', 'prices'])).exit).toBe(0);
  expect(JSON.parse((await cli(['triggers', 'poll', 't1', '--json'])).out)).toEqual({ id: 't1' });
  expect(asked).toEqual(['t2', 't3', 't1']);
  const refused = async (...words: string[]) => {
    const { exit, err } = await cli(['triggers', ...words]);
    return [exit, err];
  };
  const there = 'There are: shop orders, shop returns, prices list.';
  expect(await refused('poll', 'shop')).toEqual([2, expect.stringContaining('name one of orders, returns.')]);
  expect(await refused('poll', 'shop', 'on')).toEqual([2, expect.stringContaining(`no poll shop on. ${there}`)]);
  expect(await refused('poll')).toEqual([2, expect.stringContaining('takes a workflow and its trigger')]);
  expect(await refused('pol')).toEqual([2, expect.stringContaining('There is no action pol')]);
  expect(asked).toHaveLength(3);
});
