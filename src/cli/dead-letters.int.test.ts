/** What failed for good: listed, tried again, put away. */
import { expect, test } from 'vitest';
import { at, FAILURE, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();

const LETTER = {
  ...{ id: 'l-1', source: 'execution', executionId: 'l-1', workflowId: 'w1', workflowName: 'demo', version: 1 },
  ...{ triggerId: 'hook', path: 'a', attempts: 3, category: 'connectivity', action: 'Wait.', automatic: true },
  ...{ error: FAILURE, fingerprint: 'code_failed a: x is not defined', status: 'NEW', retries: 1, retryAt: at },
  ...{ retriedAs: null, reviewedBy: null, reviewedAt: null, notes: null, createdAt: at, failedAt: at, updatedAt: at },
};
const WHOLE_LETTER = { ...LETTER, originalEvent: { n: 1 } };

test('dead-letters lists what failed, in groups too, and shows one whole', async () => {
  const group = {
    workflowId: 'w1',
    workflowName: 'demo',
    fingerprint: LETTER.fingerprint,
    count: 12,
    new: 7,
    reviewed: 2,
  };
  routes['GET /api/dead-letters'] = () => ({ status: 200, body: { items: [LETTER], nextCursor: null } });
  routes['GET /api/dead-letters/groups'] = () => ({
    status: 200,
    body: { items: [{ ...group, firstSeen: at, lastSeen: at, sample: LETTER }], nextCursor: null },
  });
  routes['GET /api/dead-letters/l-1'] = () => ({ status: 200, body: WHOLE_LETTER });
  const list = await cli(['dead-letters', '--category', 'connectivity', '--status', 'new']);
  expect(list.out).toMatch(/l-1 +demo +NEW +connectivity .*code_failed: x is not defined/);
  expect(calls).toEqual(['GET /api/dead-letters?status=NEW&category=connectivity&limit=20']);
  expect((await cli(['dead-letters', '-g'])).out).toMatch(
    /12 +7 +demo +connectivity .*code_failed a: x is not defined/,
  );
  const one = await cli(['dead-letters', 'l-1']);
  expect(one.out).toContain('Failed at a, 3 attempts: code_failed');
  expect(one.out).toContain('original event: {"n":1}');
  expect(one.out).toContain('myelin requeue l-1');
  const originalEvent = { text: 'x'.repeat(300), line: 'a\u001b[2J' };
  routes['GET /api/dead-letters/l-1'] = () => ({ status: 200, body: { ...WHOLE_LETTER, originalEvent } });
  const long = await cli(['dead-letters', 'l-1']);
  expect(long.out, 'a long one is whole, to be corrected').toContain(
    `original event:\n{\n  "text": "${'x'.repeat(300)}",`,
  );
  expect(long.out).not.toContain('\u001b');
  expect((await cli(['dead-letters', '--category', 'luck'])).exit).toBe(2);
});

test('requeue takes one, with a payload or without, or all that fit', async () => {
  const sent: unknown[] = [];
  routes['POST /api/dead-letters/l-1/requeue'] = ({ body }) => {
    sent.push(body);
    const isAnew = Object.keys(body as object).length > 0;
    return { status: 202, body: { ...WHOLE_LETTER, status: 'RETRIED', retriedAs: isAnew ? 'e-2' : null } };
  };
  routes['POST /api/dead-letters/requeue'] = ({ body }) => {
    sent.push(body);
    const isLast = 'cursor' in (body as object);
    return { status: 200, body: { done: 5, refused: isLast ? 1 : 0, nextCursor: isLast ? null : 'c-1' } };
  };
  expect((await cli(['requeue', 'l-1'])).out).toBe('l-1 goes on\n');
  routes['POST /api/dead-letters/l-2/requeue'] = () => ({
    status: 202,
    body: { ...WHOLE_LETTER, workflowId: null, retriedAs: null },
  });
  expect((await cli(['requeue', 'l-2'])).out).toBe('l-2 is delivered again\n');
  expect((await cli(['requeue', 'l-1', '--payload', '{"n":2}'])).out).toBe('l-1 starts anew as e-2\n');
  expect((await cli(['requeue', '--workflow', 'demo'])).out).toBe('10 requeued, 1 refused\n');
  const filter = { workflow: 'demo' };
  expect(sent).toEqual([{}, { payload: { n: 2 } }, { filter }, { filter, cursor: 'c-1' }]);
  for (const wrong of [[], ['l-1', '--all'], ['--all', '--payload', '1']]) {
    expect((await cli(['requeue', ...wrong])).exit).toBe(2);
  }
});

test('archive puts one away, or all that fit, with a note', async () => {
  const sent: unknown[] = [];
  routes['POST /api/dead-letters/l-1/archive'] = ({ body }) => {
    sent.push(body);
    return { status: 200, body: { ...WHOLE_LETTER, status: 'ARCHIVED' } };
  };
  routes['POST /api/dead-letters/archive'] = ({ body }) => {
    sent.push(body);
    return { status: 200, body: { done: 3, refused: 0, nextCursor: null } };
  };
  expect((await cli(['archive', 'l-1', '--note', 'old'])).out).toBe('l-1 is archived\n');
  expect((await cli(['archive', '--all', '--by', 'ann'])).out).toBe('3 archived\n');
  expect(sent).toEqual([{ note: 'old' }, { filter: {}, by: 'ann' }]);
  expect((await cli(['archive'])).exit).toBe(2);
});
