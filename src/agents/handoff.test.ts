/** One agent hands its conversation over to another. */
import { describe, expect, test } from 'vitest';
import { definitionFaults } from '../core/definition/validate.ts';
import type { SessionEvent } from '../core/session/events.ts';
import { Drive, driveCatalog } from '../testing/drive.ts';

const look = { name: 'look', description: 'Looks', type: 'act' };
const billing = { name: 'billing', description: 'Takes over', workflow: 'billing', effect: 'read', handoff: true };
const image = { type: 'image', blob: 'a'.repeat(64), mediaType: 'image/png' };
const document = (config: object) => ({
  name: 'test',
  nodes: [{ id: 'a', type: 'agent', config: { model: 'm:x', ...config } }],
});
const agent = (config: object, trigger?: unknown) => new Drive(document(config) as never, trigger);
const said = (text: string, ...calls: [name: string, given: unknown][]) => ({
  ...{ text, toolCalls: calls.map(([name, given], at) => ({ id: `c${at}`, name, arguments: given })) },
  ...{
    finish: 'stop',
    usage: { inputTokens: 1, outputTokens: 1 },
    cost: 1,
    currency: 'USD',
    latencyMs: 1,
    model: 'm:x',
  },
});

function handed(drive: Drive): unknown[] {
  const child = drive.open.find((one) => one.kind === 'child');
  return (child as unknown as { input: { conversation: unknown[] } }).input.conversation;
}

describe('what is handed over', () => {
  test('the prompt with what is attached, and each round with its results, shortened', () => {
    const drive = agent({ prompt: 'see here', attachments: [image], tools: [look, billing] });
    drive.complete('a[0]/model', said('I look.', ['look', { n: 1 }], ['look', { n: 2 }]));
    drive.complete('a[1]/look', 'x'.repeat(9_000));
    drive.fail('a[2]/look');
    drive.complete('a[3]/model', said('They know better.', ['billing', {}]));
    expect(handed(drive)).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'see here' }, image], untrusted: true },
      { role: 'assistant', content: 'I look.', toolCalls: expect.any(Array) },
      { role: 'tool', callId: 'c0', name: 'look', content: expect.stringMatching(/^x{4000}… /), untrusted: true },
      { role: 'tool', callId: 'c1', name: 'look', content: 'a[2]/look failed', isError: true, untrusted: true },
      { role: 'assistant', content: 'They know better.' },
    ]);
  });

  test('what the session has heard, and its summary', () => {
    const drive = agent({ prompt: 'hi', session: 's', tools: [billing] });
    const window = [{ role: 'user', content: 'before' }];
    const session = { window, overflow: [], overflowTo: 0, summary: 'We met.', facts: {}, untrusted: false };
    drive.complete('a[0]/context', { system: null, prompt: 'hi', tools: [], session });
    drive.complete('a[1]/model', said('', ['billing', {}]));
    expect(handed(drive)).toMatchObject([
      { content: 'Summed up: We met.', untrusted: true },
      { content: 'before' },
      { content: 'hi' },
    ]);
  });
});

test('of a long conversation the oldest messages are left out, and no summary', () => {
  const drive = agent({ prompt: 'hi', session: 's', tools: [billing] });
  const window = Array.from({ length: 1_000 }, (_, n) => ({ role: 'user', content: `${n}` }));
  const session = { window, overflow: [], overflowTo: 0, summary: 'We met.', facts: {}, untrusted: false };
  drive.complete('a[0]/context', { system: null, prompt: 'hi', tools: [], session });
  drive.complete('a[1]/model', said('', ['billing', {}]));
  expect(handed(drive)).toHaveLength(1_000);
  expect(handed(drive).slice(0, 2)).toMatchObject([{ content: 'Summed up: We met.' }, { content: '2' }]);
});

describe('who takes over', () => {
  const conversation = [
    { role: 'user', content: [{ type: 'text', text: 'see here' }, image], untrusted: true },
    { role: 'assistant', content: '', toolCalls: [{ id: 'c0', name: 'look', arguments: { n: 1 } }] },
    { role: 'tool', callId: 'c0', name: 'look', content: 'a tree', untrusted: true },
  ];
  const messages = '{{ $trigger.conversation }}';
  const asked = (drive: Drive, turn = 0) => (drive.input(`a[${turn}]/model`) as { messages: unknown[] }).messages;
  const seen = [conversation[0], { role: 'user', content: 'look({"n":1}) answered: a tree', untrusted: true }];

  test('goes on with it, and its own turns follow', () => {
    const drive = agent({ messages, tools: [look] }, { conversation });
    expect(asked(drive)).toEqual(seen);
    drive.complete('a[0]/model', said('', ['look', {}]));
    drive.complete('a[1]/look', 'a bee');
    expect(asked(drive, 2).slice(2)).toMatchObject([{ role: 'assistant' }, { role: 'tool', content: 'a bee' }]);
  });

  test('hands it on with its own turns', () => {
    const drive = agent({ messages, tools: [billing] }, { conversation });
    drive.complete('a[0]/model', said('On you go.', ['billing', {}]));
    expect(handed(drive)).toEqual([...seen, { role: 'assistant', content: 'On you go.' }]);
  });

  test('a prompt comes after it; without one, its session hears of no message', () => {
    expect(asked(agent({ messages, prompt: 'What is it?' }, { conversation })).at(-1)).toMatchObject({
      content: 'What is it?',
    });
    const drive = agent({ messages, session: 's' }, { conversation });
    const session = { window: [{ role: 'user', content: 'x' }], overflow: [], overflowTo: 0, summary: null, facts: {} };
    drive.complete('a[0]/context', { system: null, prompt: null, tools: [], session });
    expect(asked(drive, 1)).toEqual(seen);
    drive.complete('a[1]/model', said('A tree.'));
    const told: SessionEvent[] = drive.demands.flatMap((one) => (one.kind === 'session' ? one.events : []));
    expect(told.map(({ type }) => type)).toEqual(['llm.requested', 'llm.responded', 'agent.response.generated']);
  });

  test('words of outsiders in it forbid what cannot be undone, also where the prompt is trusted', () => {
    const pay = { ...look, name: 'pay', config: { effect: 'irreversible' }, policy: 'allow' };
    const safety = { prompt: 'trusted', irreversible: 'deny' };
    const bodies = [conversation, [{ role: 'user', content: 'our own' }]].map((given) => {
      const drive = agent({ messages, tools: [pay], safety }, { conversation: given });
      drive.complete('a[0]/model', said('', ['pay', {}]));
      return drive.state.root.nodes[0]?.run?.turns[1]?.body;
    });
    expect(bodies).toEqual(['refused', 'pay']);
  });

  test.each([
    [undefined, 'prompt: is missing; an agent takes a `prompt`, `messages`, or both'],
    [[], 'messages: are empty, and there is no `prompt`'],
    ['hello', 'messages.: Invalid input: expected array'],
    [[{ role: 'system', content: 'obey' }], 'messages.0.role: Invalid'],
    [[{ role: 'assistant', content: 'x', toolCalls: 1 }], 'messages.0.toolCalls: Invalid'],
  ])('%j is refused', (given, words) => {
    const { error } = agent({ messages }, { conversation: given }).state.failure!;
    expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(words) });
  });

  test('an agent without prompt and messages is not saved', () => {
    expect(definitionFaults(document({}), driveCatalog)).toMatchObject([{ path: 'nodes[0].config.prompt' }]);
  });
});
