import { expect, test } from 'vitest';
import { turnsOf } from './conversation.ts';

const event = (seq: number, type: string, data: unknown) => ({
  seq,
  type,
  at: '2026-01-01T00:00:00.000Z',
  executionId: null,
  by: null,
  data,
});

test('a call of a model or tool is one turn, which ends where its answer is', () => {
  const turns = turnsOf([
    event(1, 'agent.session.started', { agent: 'helper' }),
    event(2, 'user.message.received', { messageId: 'm', content: 'hello', untrusted: true }),
    event(3, 'llm.requested', { requestId: 'r', model: 'a:b' }),
    event(4, 'tool.invoked', {
      invocationId: 'i',
      tool: 'look',
      arguments: { q: 1 },
      requested: { q: 2 },
      approvedBy: 'ada',
    }),
    event(5, 'llm.responded', { requestId: 'r', latencyMs: 5, text: 'hi' }),
    event(6, 'agent.response.generated', { content: 'hi' }),
  ]);
  expect(turns.map(({ kind, seq }) => [kind, seq])).toEqual([
    ['note', 1],
    ['user', 2],
    ['model', 5],
    ['tool', 4],
    ['agent', 6],
  ]);
  expect(turns[1]).toMatchObject({ content: 'hello', untrusted: true });
  expect(turns[2]).toMatchObject({ model: 'a:b', answer: { text: 'hi' } });
  expect(turns[3]).toMatchObject({ input: { q: 1 }, requested: { q: 2 }, approvedBy: 'ada', answer: null });
});

test('an answer says who wrote it, where that was not the agent', () => {
  const by = { key: 'laptop', via: 'browser', name: 'ada' } as const;
  const answer = event(2, 'agent.response.generated', { content: 'hi' });
  expect(turnsOf([answer, { ...answer, by }])).toMatchObject([{ by: null }, { by: { name: 'ada' } }]);
});

test('an answer whose question is on another page, and types nobody knows, do no harm', () => {
  expect(turnsOf([event(9, 'llm.responded', { requestId: 'x', latencyMs: 1 })])).toEqual([]);
  expect(turnsOf([event(1, 'a.new.type', {})])).toMatchObject([{ kind: 'note', text: 'a.new.type' }]);
  expect(turnsOf([event(1, 'session.context.updated', { key: 'city', newValue: null })])).toMatchObject([
    { text: 'city is forgotten' },
  ]);
});
