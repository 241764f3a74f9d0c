import { expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { personOf, type SessionEvent, type SessionEventData, type SessionEventType } from './events.ts';
import { evolve, fold, SESSION_EVENT_TYPES } from './evolve.ts';
import { plainText } from './plain-text.ts';
import { reopened } from './reopened.ts';
import { incomingEventSchema, valueSchema } from './schema.ts';
import { newState, reviveState, type SessionState, SUMMED_UP_TO } from './state.ts';
import { UPCASTERS, type Upcasters, upcast, versionOf } from './upcast.ts';

let clock = 0;
function event<T extends SessionEventType>(type: T, data: SessionEventData[T]): SessionEvent {
  clock += 1;
  return { type, at: clock, data } as SessionEvent;
}
const started = (over: Partial<SessionEventData['agent.session.started']> = {}) =>
  event('agent.session.started', { key: 'k', agent: 'sales', userId: 'ada', ...over });
const usage = { inputTokens: 10, outputTokens: 3 };
const error = { code: 'x', kind: 'transient', message: 'no' } as const;

const STORY: readonly SessionEvent[] = [
  started({ metadata: { channel: 'mail' }, context: { color: 'blue' } }),
  event('user.message.received', { messageId: 'm1', content: 'hello', untrusted: true }),
  event('intent.classified', { intent: 'greet', confidence: 0.9 }),
  event('llm.requested', { requestId: 'r1', model: 'm', messages: 1 }),
  event('llm.responded', { requestId: 'r1', model: 'm', latencyMs: 5, usage, cost: 7 }),
  event('tool.invoked', { invocationId: 't1', tool: 'search', arguments: {} }),
  event('tool.completed', { invocationId: 't1', tool: 'search', success: false, durationMs: 1, error }),
  event('chain.step', { step: 1, thought: 'hm' }),
  event('llm.responded', { requestId: 'r2', model: 'm', latencyMs: 5, error }),
  event('tool.completed', { invocationId: 't2', tool: 'search', success: true, durationMs: 1 }),
  event('agent.response.generated', { responseId: 'a1', content: 'hi', contentType: 'text' }),
];

test('folds a conversation', () => {
  const state = fold(STORY);
  expect(state).toMatchObject({
    ...{ seq: 11, key: 'k', agent: 'sales', userId: 'ada', status: 'active', metadata: { channel: 'mail' } },
    intent: { intent: 'greet', confidence: 0.9, entities: null },
    messages: [
      { role: 'user', seq: 2, id: 'm1', content: 'hello', untrusted: true },
      { role: 'agent', seq: 11, id: 'a1', content: 'hi' },
    ],
    context: { color: 'blue' },
    counters: {
      ...{ messages: 2, modelCalls: 2, failedModelCalls: 1, toolCalls: 2, failedToolCalls: 1 },
      ...{ inputTokens: 10, outputTokens: 3, cost: 7 },
    },
  });
  expect(state.startedAt).toBe(STORY[0]?.at);
  expect(state.lastActivity).toBe(STORY.at(-1)?.at);
  expect(Object.keys(state.openModelCalls)).toEqual([]);
});

test('an answer in the place of the agent says whose it is', () => {
  const by = { key: 'k1', via: 'browser', name: 'ada' } as const;
  const answer = event('agent.response.generated', { responseId: 'a1', content: 'hi', contentType: 'text' });
  expect(fold([started(), { ...answer, by } as SessionEvent]).messages).toMatchObject([{ role: 'agent', by }]);
  expect(personOf(by)).toBe('ada');
  expect(personOf({ key: 'k1', via: 'browser' })).toBe('k1');
  expect(personOf({ key: 'k1', via: 'key' })).toBeUndefined();
});

test('how far a summary goes is not for a model to remember', () => {
  const update = (updateType: 'memory' | 'state', newValue: number) =>
    event('session.context.updated', { updateType, key: SUMMED_UP_TO, newValue });
  expect(fold([started(), update('state', 4), update('memory', 1_000)]).context).toEqual({ [SUMMED_UP_TO]: 4 });
});

test('the story has every type but those of the tests below', () => {
  const told = new Set<string>(STORY.map(({ type }) => type));
  expect(SESSION_EVENT_TYPES.filter((type) => !told.has(type))).toEqual([
    'session.context.updated',
    'agent.session.ended',
    'agent.session.reopened',
  ]);
});

test('knows what is asked and not yet answered', () => {
  const state = fold([STORY[3]!, STORY[5]!]);
  expect(state.openModelCalls).toMatchObject({ r1: { model: 'm' } });
  expect(state.openToolCalls).toMatchObject({ t1: { tool: 'search' } });
});

test('remembers, forgets and sums up', () => {
  const update = (key: string, newValue: Json, updateType: 'memory' | 'summary' = 'memory') =>
    event('session.context.updated', { updateType, key, newValue });
  const state = fold([started(), update('a', 1), update('b', [2]), update('a', null), update('s', 'short', 'summary')]);
  expect({ ...state.context }).toEqual({ b: [2] });
  expect(state.summary).toBe('short');
  expect(evolve(state, update('s', { of: 2 }, 'summary')).summary).toBe('{"of":2}');
  expect(evolve(state, update('s', null, 'summary')).summary).toBeNull();
});

test('a key of the context is never more than a key', () => {
  const update = event('session.context.updated', { updateType: 'memory', key: '__proto__', newValue: { bad: true } });
  const state = reviveState(JSON.parse(JSON.stringify(fold([started(), update]))) as SessionState);
  expect(Object.keys(state.context)).toEqual(['__proto__']);
  expect('bad' in state.context).toBe(false);
  expect('bad' in {}).toBe(false);
});

test('ends, and what comes after still counts', () => {
  const ended = event('agent.session.ended', { reason: 'timeout', durationSeconds: 1, messageCount: 0 });
  const state = fold([started(), ended, STORY[1]!]);
  expect(state).toMatchObject({ status: 'ended', endedAt: ended.at, endReason: 'timeout', summary: null });
  expect(state.counters.messages).toBe(1);
  const again = fold([reopened({ at: ended.at + 1, executionId: 'e' })], state);
  expect(again).toMatchObject({ status: 'active', endedAt: null, endReason: null, seq: 4 });
  expect(reopened({ at: 1 })).toEqual({ type: 'agent.session.reopened', at: 1, data: {} });
  expect(fold([event('agent.session.ended', { ...ended.data, summary: 'all' } as never)]).summary).toBe('all');
});

test('a snapshot at any place and the rest of the events are the same as all events', () => {
  const whole = fold(STORY);
  for (let at = 0; at <= STORY.length; at += 1) {
    const kept = JSON.parse(JSON.stringify(fold(STORY.slice(0, at)))) as SessionState;
    expect(fold(STORY.slice(at), reviveState(kept))).toEqual(whole);
  }
  expect(fold([])).toEqual(newState());
});

test('an old event passes all that has changed since', () => {
  const upcasters: Upcasters = {
    ...UPCASTERS,
    'chain.step': [
      (data) => ({ ...(data as object), thought: (data as { text: string }).text }),
      (data) => ({ step: 1, thought: `${(data as { thought: string }).thought}!` }),
    ],
  };
  expect(versionOf('chain.step', upcasters)).toBe(3);
  const stored = { type: 'chain.step', at: 1, data: { text: 'hm', thought: 'hm' } };
  expect(upcast({ ...stored, version: 1 }, upcasters).data).toEqual({ step: 1, thought: 'hm!' });
  expect(upcast({ ...stored, version: 2 }, upcasters).data).toEqual({ step: 1, thought: 'hm!' });
  expect(upcast({ ...stored, version: 3 }, upcasters)).toEqual(expect.objectContaining({ data: stored.data }));
});

test('every type is of version 1 today, and what is newer is refused', () => {
  expect(new Set(SESSION_EVENT_TYPES.map((type) => versionOf(type)))).toEqual(new Set([1]));
  const stored = { type: 'chain.step', version: 2, at: 1, data: {} };
  expect(() => upcast(stored)).toThrow(expect.objectContaining({ code: 'schema_newer' }));
  expect(() => upcast({ ...stored, type: 'toString', version: 1 })).toThrow('toString of version 1');
});

test('text for people has no control characters and an end', () => {
  expect(plainText('a\u0000b\n\tc\u001b[2J\ud800', 20)).toBe('a b\n\tc [2J ');
  expect(plainText('abcdef', 4)).toBe('abc…');
  expect(plainText('😀😀😀', 3)).toBe('😀😀😀');
});

test.each([
  [{ type: 'user.message.received', data: { messageId: 'm', content: 'x'.repeat(300_000) } }, 'characters of JSON'],
  [{ type: 'chain.step', data: { step: 1, thought: 'x'.repeat(100_001) } }, 'expected string to have <=100000'],
  [{ type: 'tool.invoked', data: { invocationId: 'a\u0000', tool: 't', arguments: {} } }, 'no control characters'],
  [
    { type: 'session.context.updated', data: { updateType: 'memory', key: '__proto__', newValue: 1 } },
    'is a name that is refused',
  ],
  [
    { type: 'agent.response.generated', data: { responseId: 'a', content: {}, contentType: 'text' } },
    'takes a text where contentType is text',
  ],
  [{ type: 'agent.session.ended', data: {} }, 'Invalid'],
  [{ type: 'chain.step', data: { step: 1, thought: 'a', more: 1 } }, 'Unrecognized key'],
])('what comes in has limits (%#)', (given, why) => {
  const { success, error: fault } = incomingEventSchema.safeParse(given);
  expect(success).toBe(false);
  expect(fault?.message).toContain(why);
});

test.each([
  ['hi', 'text'],
  [{ a: 1 }, 'structured'],
])('%j is an answer of %s', (content, contentType) => {
  const data = { responseId: 'a', content, contentType };
  expect(incomingEventSchema.safeParse({ type: 'agent.response.generated', data }).success).toBe(true);
});

test('a free value has a size', () => {
  expect(valueSchema.safeParse('x'.repeat(262_143)).success).toBe(false);
  expect(valueSchema.safeParse({ a: [1, null] }).success).toBe(true);
});
