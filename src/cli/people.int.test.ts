/** What people are asked, and how they decide. */
import { expect, test } from 'vitest';
import { at, problem, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();

const APPROVAL = {
  ...{
    id: 'a-1',
    status: 'open',
    title: 'Refund?',
    brief: '{"amount":7}',
    assignees: ['finance'],
    due: at,
    workflowId: 'w',
    path: 'ask',
  },
  ...{ workflowName: 'refunds', executionId: 'e', createdAt: at, closedAt: null, decision: null },
};
const WHOLE = {
  ...APPROVAL,
  ...{ description: 'Of order 7', data: { amount: 7 }, form: null, reminders: 0, links: null },
  delegations: [{ by: 'ada', to: ['bo'], at }],
};

test('approvals lists what people are asked, and shows one whole', async () => {
  routes['GET /api/approvals'] = () => ({ status: 200, body: { items: [APPROVAL], nextCursor: null } });
  routes['GET /api/approvals/a-1'] = () => ({ status: 200, body: WHOLE });
  const list = await cli(['approvals', '--assignee', 'finance']);
  expect(list).toMatchObject({ exit: 0, err: '' });
  expect(list.out).toMatch(/a-1 +refunds +open +2026-07-01 12:00:00 +finance +Refund\? +\{"amount":7\}$/m);
  expect(calls).toEqual(['GET /api/approvals?status=open&assignee=finance&limit=100']);
  await cli(['approvals', '--for', 'ana, leads']);
  expect(calls.at(-1)).toBe('GET /api/approvals?status=open&for=ana&for=leads&limit=100');
  expect(await cli(['approvals', '--for', ','])).toMatchObject({ exit: 2, err: expect.stringContaining('ana,leads') });
  const one = await cli(['approvals', 'a-1']);
  expect(one.out).toContain('passed on by ada to bo');
  expect(one.out).toContain('"amount": 7');
  expect((await cli(['approvals', '--status', 'late'])).exit).toBe(2);
  routes['GET /api/approvals'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  expect((await cli(['approvals'])).err).toContain('Nobody is asked anything.');
});

test('approve and delegate send who decides and what', async () => {
  const sent: unknown[] = [];
  const decision = { decision: 'rejected', by: 'ada', at };
  routes['POST /api/approvals/a-1/decide'] = ({ body }) => {
    sent.push(body);
    return { status: 200, body: { ...WHOLE, status: 'decided', closedAt: at, decision } };
  };
  routes['POST /api/approvals/a-1/delegate'] = ({ body }) => {
    sent.push(body);
    return { status: 202, body: WHOLE };
  };
  const args = ['approve', 'a-1', '--reject', '--comment', 'no', '--data', '{"amount":5}', '--by', 'ada', '--as', 'x'];
  expect(await cli(args)).toMatchObject({ exit: 0, out: 'Refund?: rejected\n' });
  expect(await cli(['approve', 'a-1'], { env: { USER: 'cy' } })).toMatchObject({ exit: 0 });
  expect((await cli(['delegate', 'a-1', '--to', 'bo', 'cy', '--by', 'ada'])).out).toBe('Refund?: asked of bo, cy\n');
  expect(sent).toEqual([
    { decision: 'rejected', by: 'ada', as: 'x', comment: 'no', data: { amount: 5 } },
    { decision: 'approved', by: 'cy' },
    { to: ['bo', 'cy'], by: 'ada' },
  ]);
  expect(await cli(['approve', 'a-1', '--data', '{'])).toMatchObject({ exit: 2 });
  routes['POST /api/approvals/a-1/decide'] = () => problem(409, 'already_decided', 'It was approved by bo.');
  expect(await cli(['approve', 'a-1', '--by', 'ada'])).toMatchObject({ exit: 4 });
});
