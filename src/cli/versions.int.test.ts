/** What a workflow was before, and the way back. */
import { expect, test } from 'vitest';
import { at, problem, useCliStage } from '../testing/cli-stage.ts';

const { cli, routes } = useCliStage();
const definition = { name: 'demo', nodes: [{ id: 'a', type: 'join' }] };

test('versions lists all of them, over pages, or prints the document of one', async () => {
  const version = (number: number) => ({
    version: number,
    createdAt: at,
    savedBy: number === 2 ? 'ada' : null,
    present: number === 2,
  });
  routes['GET /api/workflows/demo/versions?limit=200'] = () => ({
    ...{ status: 200, body: { items: [version(2)], nextCursor: '2' } },
  });
  routes['GET /api/workflows/demo/versions?limit=200&cursor=2'] = () => ({
    ...{ status: 200, body: { items: [version(1)], nextCursor: null } },
  });
  const { exit, out } = await cli(['versions', 'demo']);
  expect(exit).toBe(0);
  expect(out).toMatch(/^VERSION +SAVED \(UTC\) +BY\s+v2 +.*ada +present\s+v1 /);
  expect(JSON.parse((await cli(['versions', 'demo', '--json'])).out)).toEqual([version(2), version(1)]);
  routes['GET /api/workflows/demo/versions/1'] = () => ({ status: 200, body: { ...version(1), definition } });
  expect(JSON.parse((await cli(['versions', 'demo', 'v1'])).out)).toEqual(definition);
});

test('rollback saves an old version as the new one', async () => {
  routes['POST /api/workflows/demo/rollback'] = ({ body }) => {
    expect(body).toEqual({ version: 1 });
    const dates = { createdAt: at, updatedAt: at };
    return { status: 200, body: { id: 'w1', name: 'demo', version: 3, status: 'active', definition, ...dates } };
  };
  expect(await cli(['rollback', 'demo', '1'])).toEqual({ exit: 0, out: 'demo v3 active (as v1)\n', err: '' });
  routes['POST /api/workflows/demo/rollback'] = () => problem(404, 'version_not_found', 'No.');
  expect((await cli(['rollback', 'demo', '9'])).exit).toBe(4);
  expect((await cli(['rollback', 'demo', 'x'])).exit).toBe(2);
});
