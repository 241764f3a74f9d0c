/** API keys of the project. */
import { expect, test } from 'vitest';
import type { KeyAnswer } from '../contract/keys.ts';
import { at, problem, useCliStage } from '../testing/cli-stage.ts';

const { cli, routes, calls } = useCliStage();

const owner: KeyAnswer = {
  ...{ id: 'k1', name: 'owner', role: 'owner', ending: null, createdBy: null, createdAt: at },
  ...{ expiresAt: null, lastUsedAt: at, isYours: true },
};
const ci: KeyAnswer = {
  ...{ id: 'k2', name: 'CI', role: 'editor', ending: 'x_-9', createdBy: 'owner', createdAt: at },
  ...{ expiresAt: '2020-07-02T00:00:00.000Z', lastUsedAt: null, isYours: false },
};
const DAY = 86_400_000;

test('keys are listed with what they may, who made them, and when they end', async () => {
  routes['GET /api/keys'] = () => ({ status: 200, body: { items: [ci, owner] } });
  const { exit, out } = await cli(['keys']);
  const [head, first, second] = out.split('\n');
  expect(exit).toBe(0);
  expect(head).toMatch(/^ID +NAME +ROLE +KEY +MADE \(UTC\) +USED \(UTC\) +EXPIRES \(UTC\)$/);
  const ended = 'expired 2020-07-02 00:00:00';
  expect(first).toMatch(new RegExp(`^k2 +CI +editor +…x_-9 +2026-07-01 12:00:00 by owner +never +${ended}$`));
  expect(second).toMatch(/^k1 +owner \(yours\) +owner +2026-07-01 12:00:00 +2026-07-01 12:00:00 +never$/);
  expect(JSON.parse((await cli(['keys', 'list', '--json'])).out)).toEqual([ci, owner]);
});

test('one is created, and is alone on stdout', async () => {
  const bodies: { expiresAt?: unknown }[] = [];
  routes['POST /api/keys'] = ({ body }) => {
    bodies.push(body as object);
    return { status: 201, body: { key: ci, secret: 'myl_secret' } };
  };
  const made = await cli(['keys', 'create', 'CI', 'of', 'Ada']);
  expect(made).toMatchObject({ exit: 0, out: 'myl_secret\n' });
  expect(made.err).toContain('shown this once. It serves until it is revoked.');
  expect(made.err).toContain('viewer: reads everything but keys');
  expect(made.err).toContain('`myelin keys revoke k2`');
  const before = Date.now();
  const ending = await cli(['keys', 'create', 'CI', '--role', 'editor', '--expires', '90d', '--json']);
  expect(JSON.parse(ending.out)).toEqual({ key: ci, secret: 'myl_secret' });
  expect(ending.err).toBe('');
  expect(bodies).toEqual([
    { name: 'CI of Ada', role: 'viewer', expiresAt: null },
    { name: 'CI', role: 'editor', expiresAt: expect.any(String) },
  ]);
  const end = Date.parse(String(bodies[1]?.expiresAt)) - 90 * DAY;
  expect(end).toBeGreaterThanOrEqual(before);
  expect(end).toBeLessThanOrEqual(Date.now());
});

test('one is revoked by its id; what the server refuses is told', async () => {
  routes['DELETE /api/keys/k2'] = () => ({ status: 204 });
  expect(await cli(['keys', 'revoke', 'k2'])).toEqual({
    exit: 0,
    out: 'k2 is revoked\n',
    err: 'The server refuses it from now on, and so do other processes within a minute.\n',
  });
  expect(JSON.parse((await cli(['keys', 'revoke', 'k2', '--json'])).out)).toEqual({ revoked: 'k2' });
  routes['DELETE /api/keys/k1'] = () => problem(409, 'last_owner_key', 'owner is the last owner key.');
  const { exit, err } = await cli(['keys', 'revoke', 'k1']);
  expect({ exit, err }).toEqual({ exit: 4, err: expect.stringContaining('owner is the last owner key') });
});

test.each([
  [['create'], 'takes a name'],
  [['create', 'CI', '--role', 'viewr'], 'did you mean viewer?'],
  [['create', 'CI', '--role', 'root'], 'viewer, operator, editor, admin, owner'],
  [['create', 'CI', '--expires', '90'], 'it has no unit'],
  [['create', 'CI', '--expires', '0s'], 'opens nothing'],
  [['revoke'], 'takes the id'],
  [['revoke', 'k1', 'k2'], 'takes the id'],
  [['rm', 'k1'], 'no action rm'],
])('%j is a wrong command line', async (words, message) => {
  const { exit, err } = await cli(['keys', ...words]);
  expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining(message) });
  expect(calls).toEqual([]);
});
