/** Connections of the project. */
import { expect, test } from 'vitest';
import { useCliStage } from '../testing/cli-stage.ts';

const { cli, routes } = useCliStage();

const at = '2026-07-01T12:00:00.000Z';
const good = { ok: true, message: 'PostgreSQL 18 lets u in.', details: { ms: 3 }, at };
const shop = {
  ...{ id: 'c1', name: 'shop', type: 'postgres', config: { host: 'h' }, secrets: ['password'] },
  ...{ createdAt: at, updatedAt: at, lastTest: good },
};
const configSchema = {
  properties: { host: { type: 'string' }, port: { type: 'integer' }, password: { type: 'string', writeOnly: true } },
};
const required = ['host', 'password'];
const types = {
  items: [{ type: 'postgres', description: 'x', configSchema: { ...configSchema, required }, example: {} }],
};

async function* stdin() {
  yield 'hun';
  yield 'ter2\n';
}

test('connections are listed with what came of their last test', async () => {
  const fresh = { ...shop, name: 'fresh', lastTest: null };
  routes['GET /api/connections'] = () => ({ status: 200, body: { items: [shop, fresh], nextCursor: null } });
  const { out } = await cli(['connections']);
  expect(out).toMatch(/shop +postgres +password +2026-07-01 12:00:00 +PostgreSQL 18 lets u in\./);
  expect(out).toMatch(/fresh +postgres +password +not tested/);
  expect(JSON.parse((await cli(['connections', 'list', '--json'])).out)).toEqual([shop, fresh]);
});

test('one is added with its secrets from standard input or the environment', async () => {
  const bodies: unknown[] = [];
  routes['GET /api/connection-types'] = () => ({ status: 200, body: types });
  routes['POST /api/connections'] = ({ body }) => {
    bodies.push(body);
    return { status: 201, body: shop };
  };
  const words = ['connections', 'add', 'shop', 'postgres', 'host=h', 'port=5433'];
  const added = await cli([...words, '--secret', 'password'], { stdin: stdin() });
  expect(added).toMatchObject({ exit: 0, out: expect.stringContaining('shop is added') });
  const env = { DB_PASSWORD: 'hunter2' };
  expect((await cli([...words, '--secret', 'password=DB_PASSWORD'], { env })).exit).toBe(0);
  const body = { name: 'shop', type: 'postgres', config: { host: 'h', port: 5433, password: 'hunter2' } };
  expect(bodies).toEqual([body, body]);
});

test('one is changed in the fields that are named', async () => {
  const bodies: unknown[] = [];
  routes['GET /api/connection-types'] = () => ({ status: 200, body: types });
  routes['GET /api/connections/shop'] = () => ({ status: 200, body: { ...shop, config: { host: 'h', port: 5433 } } });
  routes['PUT /api/connections/shop'] = ({ body }) => {
    bodies.push(body);
    return { status: 200, body: shop };
  };
  const { exit, out } = await cli(['connections', 'change', 'shop', 'host=other', 'port=']);
  expect({ exit, out }).toEqual({ exit: 0, out: expect.stringContaining('shop is changed') });
  const env = { DB_PASSWORD: 'hunter3' };
  await cli(['connections', 'change', 'shop', '--secret', 'password=DB_PASSWORD'], { env });
  expect(bodies).toEqual([{ config: { host: 'other' } }, { config: { host: 'h', port: 5433, password: 'hunter3' } }]);
});

test.each([
  [['change', 'shop'], 'takes a name, and FIELD=VALUE'],
  [['add', 'shop', 'postgres', 'password=hunter2'], 'password is secret'],
  [['add', 'shop', 'postgres', '--secret', 'host'], 'host is no secret'],
  [['add', 'shop', 'postgres', '--secret', 'password=GONE'], 'GONE is not set'],
  [['add', 'shop', 'postgres', '--secret', 'password'], 'no standard input'],
  [['add', 'shop', 'postgres', 'hst=h'], 'no field hst'],
  [['add', 'shop', 'postgres', 'host'], 'FIELD=VALUE'],
  [['add', 'shop', 'postgress'], 'did you mean postgres?'],
  [['add', 'shop'], 'a name and a type'],
  [['test'], 'takes the name'],
  [['tst', 'shop'], 'no action tst'],
])('%j is a wrong command line', async (words, message) => {
  routes['GET /api/connection-types'] = () => ({ status: 200, body: types });
  const { exit, err } = await cli(['connections', ...words]);
  expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining(message) });
});

test('one is tested and removed, and the key is rotated', async () => {
  const bad = { ...good, ok: false, message: 'Wrong user or password.' };
  routes['POST /api/connections/shop/test'] = () => ({ status: 200, body: good });
  routes['POST /api/connections/old/test'] = () => ({ status: 200, body: bad });
  routes['DELETE /api/connections/shop'] = () => ({ status: 204 });
  routes['POST /api/connections/rotate-key'] = () => ({
    status: 200,
    body: { keyVersion: 2, changed: 7, unreadable: 3 },
  });
  expect(await cli(['connections', 'test', 'shop'])).toMatchObject({ exit: 0, out: `${good.message}\n` });
  expect(await cli(['connections', 'test', 'old'])).toMatchObject({ exit: 1, out: `${bad.message}\n` });
  expect((await cli(['connections', 'remove', 'shop'])).out).toBe('shop is removed\n');
  const { out } = await cli(['connections', 'rotate-key']);
  expect(out).toContain('version 2 now; encrypted anew: 7\n');
  expect(out).toContain('opens 3 more: enter their secrets anew');
});

test('what a type cannot do without is asked for in the form in which it is given', async () => {
  routes['GET /api/connection-types'] = () => ({ status: 200, body: types });
  expect(await cli(['connections', 'add', 'shop', 'postgres'])).toMatchObject({
    exit: 2,
    err: expect.stringContaining('needs host=HOST and --secret password.'),
  });
});

test('a number of next times that is none is refused here', async () => {
  expect(await cli(['triggers', '--next', 'abc'])).toMatchObject({
    exit: 2,
    err: expect.stringContaining('--next takes a whole number from 1 to 100, not abc.'),
  });
});
