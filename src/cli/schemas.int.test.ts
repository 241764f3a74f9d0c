/** Schemas of messages in the terminal. */
import { expect, test } from 'vitest';
import { at, problem, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, file, routes } = useCliStage();
const version = { version: 2, policy: 'reject', createdAt: at };
const type = 'order.placed';
const schema = {
  ...{ ...version, type, schema: { type: 'object' }, upcast: '{{ $data }}' },
  ...{ dataschema: `/api/event-schemas/${type}/2`, versions: [version, { ...version, version: 1 }] },
};

test('schemas are listed, shown, put from a file, and deleted', async () => {
  routes['GET /api/event-schemas?limit=200'] = () => ({
    status: 200,
    body: { items: [{ ...version, type }], nextCursor: null },
  });
  routes['GET /api/event-schemas'] = routes['GET /api/event-schemas?limit=200']!;
  routes[`GET /api/event-schemas/${type}`] = () => ({ status: 200, body: schema });
  routes[`GET /api/event-schemas/${type}/1`] = () => ({ status: 200, body: { ...schema, version: 1, upcast: null } });
  let put: unknown;
  routes[`PUT /api/event-schemas/${type}`] = ({ body }) => {
    put = body;
    return { status: 200, body: schema };
  };
  routes[`DELETE /api/event-schemas/${type}`] = () => ({ status: 204 });
  expect((await cli(['schemas'])).out).toMatch(/order\.placed +v2 +reject +2026-07-01 12:00:00/);
  const shown = await cli(['schemas', 'show', type]);
  expect(JSON.parse(shown.out)).toEqual({ policy: 'reject', upcast: '{{ $data }}', schema: { type: 'object' } });
  expect(shown.err).toBe('order.placed v2; there are v2, v1\n');
  expect(JSON.parse((await cli(['schemas', 'show', type, 'v1'])).out)).not.toHaveProperty('upcast');
  expect(JSON.parse((await cli(['schemas', 'show', type, '--json'])).out)).toEqual(schema);
  file('schema.yaml', 'policy: reject\nschema: { type: object }\n');
  expect((await cli(['schemas', 'put', type, 'schema.yaml'])).out).toBe('order.placed v2 is the newest\n');
  expect(put).toEqual({ policy: 'reject', schema: { type: 'object' } });
  expect((await cli(['schemas', 'delete', type])).out).toBe('order.placed has no schema any more\n');
  const asked = calls.length;
  for (const bad of [['shw', 'x'], ['show'], ['put', 'x'], ['put', 'x', 'nowhere.json'], ['show', 'x', 'y']]) {
    expect((await cli(['schemas', ...bad])).exit, bad.join(' ')).toBe(2);
  }
  expect(calls).toHaveLength(asked);
});

test('none says so, and a change that breaks readers is told with its places', async () => {
  routes['GET /api/event-schemas'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  expect(await cli(['schemas'])).toMatchObject({ exit: 0, err: expect.stringContaining('There are none') });
  const said = 'properties.total: was number, is string';
  routes['PUT /api/event-schemas/order.paid'] = () => problem(409, 'event_schema_incompatible', said);
  file('schema.json', '{ "schema": true, "policy": "allow" }');
  expect(await cli(['schemas', 'put', 'order.paid', 'schema.json'])).toMatchObject({
    exit: 4,
    err: expect.stringContaining(said),
  });
});
