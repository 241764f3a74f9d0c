/** Conversations, read models, models, and what they cost. */
import { expect, test } from 'vitest';
import { at, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();
const page = (...items: unknown[]) => ({ status: 200, body: { items, nextCursor: null } });

const SESSION = {
  ...{ id: 's1', key: 'ada', agent: 'desk', userId: 'u1', status: 'active', seq: 3, startedAt: at, lastActivity: at },
  ...{ endedAt: null, endReason: null, messageCount: 2, modelCalls: 1, toolCalls: 1, failedToolCalls: 1 },
  ...{ inputTokens: 9, outputTokens: 4, cost: 12_500_000, lastUserMessage: 'hi\u001b[2J', lastResponse: 'hello' },
  ...{ lastRole: 'user', intent: null, category: null, tags: [] },
};

test('a session is deleted', async () => {
  routes['DELETE /api/sessions/ada'] = () => ({ status: 204 });
  expect((await cli(['session', 'ada', '--delete'])).out).toBe('ada is deleted\n');
  expect(calls).toEqual(['DELETE /api/sessions/ada']);
});

test('sessions are listed in units of money, and searched', async () => {
  routes['GET /api/sessions'] = () => page(SESSION);
  const { out } = await cli(['sessions', '--user', 'u1', '--status', 'active']);
  expect(out).toMatch(/^ada +desk +u1 +active +2 +0\.0125 +2026-07-01 12:00:00 +hi \[2J$/m);
  expect(calls).toEqual(['GET /api/sessions?user=u1&status=active&limit=20']);
  routes['GET /api/sessions'] = () => page({ ...SESSION, lastRole: 'agent' }, { ...SESSION, lastRole: null });
  expect((await cli(['sessions'])).out.match(/ hello$/gm)).toHaveLength(2);
  const line = { sessionId: 's1', sessionKey: 'ada', seq: 2, at, kind: 'user', text: 'a blue door' };
  routes['GET /api/sessions/recall'] = () => ({ status: 200, body: { items: [line] } });
  expect((await cli(['sessions', '--find', 'blue'])).out).toMatch(/^ada +2 +2026-07-01 12:00:00 +user +a blue door$/m);
  routes['GET /api/sessions'] = () => page();
  expect((await cli(['sessions'])).err).toBe('There are none.\n');
  expect((await cli(['sessions', '--status', 'old'])).exit).toBe(2);
});

test('a session is shown as it was said, by events, and refused a number that is none', async () => {
  routes['GET /api/sessions/ada'] = () => ({ status: 200, body: SESSION });
  const said = (seq: number, kind: string, content: string, data: unknown = null) => ({
    ...{ seq, kind, content, at, data, executionId: null },
  });
  routes['GET /api/sessions/s1/timeline'] = () =>
    page(
      said(2, 'user', 'hi'),
      said(3, 'tool', 'no', { tool: 'look', success: false }),
      said(4, 'agent', 'one\ntwo'),
      said(5, 'model', 'model_refused: No key.', { model: 'm' }),
    );
  const { out } = await cli(['session', 'ada']);
  expect(out).toContain('2 messages, 1 model call, 1 tool call (1 failed), 9 + 4 tokens, cost 0.0125\n');
  expect(out).toContain('   2  12:00:00  u1: hi\n   3  12:00:00  look failed: no\n   4  12:00:00  desk: one\n');
  expect(out).toContain('   5  12:00:00  model failed: model_refused: No key.\n');
  const counters = { messages: 2, modelCalls: 1, failedModelCalls: 0, toolCalls: 1, failedToolCalls: 1 };
  const state = {
    ...{ seq: 4, key: 'ada', agent: 'desk', userId: 'u1', status: 'active', startedAt: at, lastActivity: at },
    ...{ endedAt: null, endReason: null, metadata: null, messages: [], context: { color: 'blue' }, summary: null },
    ...{ intent: null, openModelCalls: [], openToolCalls: [] },
    counters: { ...counters, inputTokens: 9, outputTokens: 4, cost: 12_500_000 },
  };
  routes['GET /api/sessions/ada/state?at=4'] = () => ({ status: 200, body: state });
  routes['GET /api/sessions/ada/timeline'] = routes['GET /api/sessions/s1/timeline'];
  const then = await cli(['session', 'ada', '--at', '4']);
  expect(then.out).toContain('  color: "blue"\n\n   2  12:00:00  u1: hi\n');
  expect(then.out).toContain('   4  12:00:00  desk: one\n                two\n');
  expect(then.out).not.toContain('No key.');
  const event = (seq: number) => ({
    seq,
    type: 'user.message.received',
    at,
    executionId: null,
    by: null,
    data: { seq },
  });
  routes['GET /api/sessions/ada/events'] = () => page(event(1), event(2), event(3));
  const events = await cli(['session', 'ada', '--events', '--at', '2']);
  expect(events.out.trim().split('\n')).toHaveLength(3);
  expect((await cli(['session', 'ada', '--at', '0'])).exit).toBe(2);
});

test('a read model is made anew, with a bar on a terminal only', async () => {
  const lines = [
    { done: 1, of: 2, finished: false },
    { done: 2, of: 2, finished: true },
  ];
  routes['POST /api/projections/message_timeline/rebuild'] = () => ({ status: 200, lines });
  const plain = await cli(['projections', 'rebuild', 'message_timeline']);
  expect(plain).toEqual({ exit: 0, out: 'message_timeline was made anew of 2 sessions\n', err: '' });
  const { err } = await cli(['projections', 'rebuild', 'message_timeline'], { isTTY: true });
  expect(err).toContain(`${'█'.repeat(15)}${'░'.repeat(15)}  50 %  1 of 2`);
  expect(err).toContain(`${'█'.repeat(30)} 100 %  2 of 2`);
  routes['POST /api/projections/message_timeline/rebuild'] = () => ({ status: 200, lines: lines.slice(0, 1) });
  expect(await cli(['projections', 'rebuild', 'message_timeline'])).toMatchObject({ exit: 3, out: '' });
});

const USAGE = { key: 'w1', currency: 'USD', calls: 3, unknown: 1, inputTokens: 9, outputTokens: 4, cachedTokens: 0 };

const WORKFLOW = {
  ...{ id: 'w1', name: 'demo', version: 1, status: 'active', description: null, nodes: 1 },
  ...{ triggers: [], tool: null, createdAt: at, updatedAt: at },
};

test('usage names workflows, and leaves out what nothing stands in', async () => {
  routes['GET /api/usage'] = () => ({ status: 200, body: { items: [{ ...USAGE, cost: 0.0125, reserved: 0 }] } });
  routes['GET /api/workflows'] = () => page(WORKFLOW);
  expect((await cli(['usage'])).out).toBe(
    'COST        CALLS          TOKENS IN  OUT  WORKFLOW\n0.0125 USD  3 (1 unknown)  9          4    demo\n',
  );
  routes['GET /api/usage'] = () => ({ status: 200, body: { items: [{ ...USAGE, cost: 0, reserved: 0.5 }] } });
  expect((await cli(['usage', '--by', 'user'])).out).toMatch(/RESERVED.*\n.*0\.50 USD .* w1\n/);
});

test('budgets are set in units of the currency, and removed', async () => {
  const sent: unknown[] = [];
  const budget = { scope: 'user', key: 'ada', per: 'day', limit: 12.5, currency: 'USD', spent: 2.5, reserved: 0 };
  const other = { ...budget, account: 'user:eve', granted: 1.5 };
  const body = { items: [{ ...budget, account: 'user:ada', granted: 0 }, other] };
  routes['PUT /api/budgets'] = (asked) => {
    sent.push(asked.body);
    return { status: 200, body };
  };
  routes['DELETE /api/budgets?scope=user&key=ada&per=day'] = () => ({ status: 204 });
  routes['GET /api/budgets'] = () => ({ status: 200, body: { items: [] } });
  const { out } = await cli(['budgets', 'set', 'user:ada', '12.5', '--per', 'day']);
  expect(out).toMatch(/^user:ada +day +2\.50 USD +12\.50 USD *$/m);
  expect(out).toMatch(/GRANTED *\n(?:.*\n)*user:eve +day +2\.50 USD +12\.50 USD +1\.50 USD *$/m);
  expect(sent).toEqual([{ scope: 'user', key: 'ada', per: 'day', limit: 12.5 }]);
  const removed = await cli(['budgets', 'remove', 'user:ada', '--per', 'day']);
  expect(removed).toMatchObject({ exit: 0, out: 'user:ada has no budget any more\n' });
  expect((await cli(['budgets'])).err).toContain('There is no budget');
  for (const wrong of [[], ['team:x', '1'], ['user:ada'], ['user:ada', 'much'], ['user:ada', '--', '-1']]) {
    expect((await cli(['budgets', 'set', ...wrong])).exit, wrong.join(' ')).toBe(2);
  }
});

test('a budget of a workflow is told by its name, where there still is one', async () => {
  const budget = { scope: 'workflow', key: 'w1', per: 'day', limit: 1, currency: 'USD', spent: 0, reserved: 0 };
  const items = ['w1', 'w2'].map((id) => ({ ...budget, account: `workflow:${id}/2026-11-27`, granted: 0 }));
  routes['GET /api/budgets'] = () => ({ status: 200, body: { items } });
  routes['GET /api/workflows'] = () => page(WORKFLOW);
  const { out } = await cli(['budgets']);
  expect(out).toMatch(/^workflow:demo\/2026-11-27 +day/m);
  expect(out).toMatch(/^workflow:w2\/2026-11-27 +day/m);
});

test('calls of an execution have their cost, or what is reserved for them', async () => {
  const call = { id: 'c', path: 'a[0]/model', attempt: 1, model: 'm', session: null, user: null, currency: 'USD' };
  const paid = { ...call, status: 'paid', estimate: 1, cost: 0.25, usage: { inputTokens: 7, outputTokens: 2 } };
  const open = { ...call, attempt: 2, status: 'open', estimate: 1, cost: 0, usage: null };
  const rest = { responseId: null, startedAt: at, settledAt: null };
  routes['GET /api/executions/e1/calls'] = () => page({ ...paid, ...rest }, { ...open, ...rest });
  const { out } = await cli(['calls', 'e1']);
  expect(out).toMatch(/^a\[0\]\/model#1 +paid +0\.25 USD +7 \+ 2 +2026-07-01 12:00:00 +m$/m);
  expect(out).toMatch(/^a\[0\]\/model#2 +open +1\.00 USD +2026-07-01 12:00:00 +m$/m);
});

test('models say what they cost, their limits and what is missing', async () => {
  const price = { version: 'v', currency: 'USD', input: 3, output: 15 };
  const model = { name: 'smart', provider: 'p', problem: null, price, window: 1_000, maxOutputTokens: 10, tries: [] };
  const limits = { concurrency: 2, perMinute: null, timeoutMs: 60_000, retrievable: false };
  routes['GET /api/models'] = () => ({
    status: 200,
    body: {
      items: [
        { ...model, ...limits },
        { ...model, ...limits, name: 'x', problem: 'KEY is not set' },
      ],
    },
  });
  const { out } = await cli(['models']);
  expect(out).toMatch(/^smart +3 \/ 15 USD +1000 +2 at once, .* +ready$/m);
  expect(out).toMatch(/^x .*KEY is not set$/m);
  expect(out).not.toContain('TRIES');
});
