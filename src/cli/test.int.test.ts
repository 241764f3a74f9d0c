/** A document that is run without being saved. */
import { expect, test } from 'vitest';
import { problem, useCliStage } from '../testing/cli-stage.ts';

const { cli, file, routes, ending } = useCliStage();

test('a file is sent as it is, with its input, its pins and the last node', async () => {
  const name = file('demo.yaml', 'name: demo\nnodes:\n  - { id: a, type: transform }\n');
  const pin = file('b.json', '{"n": 1}');
  routes['POST /api/workflows/demo/test'] = ({ body }) => {
    expect(body).toEqual({
      definition: { name: 'demo', nodes: [{ id: 'a', type: 'transform' }] },
      input: { x: 1 },
      until: 'a',
      pins: { b: { n: 1 }, c: [2] },
    });
    return { status: 202, body: { executionId: 'e1' } };
  };
  const options = ['--input', '{"x":1}', '--until', 'a', '--pin', `b=@${pin}`, '--pin', 'c=[2]'];
  const { exit, out } = await cli(['test', name, ...options]);
  expect([exit, out]).toEqual([0, 'e1\n']);
});

test('a name runs what is saved, and --wait stays to the end', async () => {
  routes['POST /api/workflows/demo/test'] = ({ body }) => {
    expect(body).toEqual({ pins: {} });
    return { status: 202, body: { executionId: 'e1' } };
  };
  ending('completed');
  expect(await cli(['test', 'demo', '--wait'])).toMatchObject({ exit: 0, out: '{\n  "n": 1\n}\n' });
  ending('failed');
  expect((await cli(['test', 'demo', '--wait'])).exit).toBe(1);
  expect(JSON.parse((await cli(['test', 'demo', '--json'])).out)).toEqual({ executionId: 'e1' });
});

test('faults are named with their lines, and a pin without output is refused', async () => {
  const name = file('demo.yaml', 'name: demo\nnodes:\n  - { id: a, type: x }\n');
  const errors = [{ path: 'nodes[0].type', message: 'unknown node type x' }];
  routes['POST /api/workflows/demo/test'] = () => problem(422, 'invalid_definition', 'It has faults.', errors);
  const { exit, err } = await cli(['test', name]);
  expect(exit).toBe(4);
  expect(err).toContain('line 3, nodes[0].type: unknown node type x');
  expect((await cli(['test', 'demo', '--pin', 'a'])).exit).toBe(2);
});
