/** The loop of an agent, driven through the core alone: its model and tools answer as the tests say. */
import { describe, expect, test } from 'vitest';
import { replay } from '../core/execution/index.ts';
import type { SessionEvent } from '../core/session/events.ts';
import { MARKS, UNTRUSTED_NOTE } from '../core/untrusted.ts';
import { Drive } from '../testing/drive.ts';

const lookup = {
  name: 'lookup',
  description: 'Looks something up',
  parameters: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
  type: 'act',
};
const restart = { ...lookup, name: 'restart', description: 'Restarts', config: { effect: 'irreversible' } };

const agent = (config: object = {}, more: object = {}) =>
  new Drive(
    {
      nodes: [{ id: 'a', type: 'agent', config: { model: 'm:x', prompt: '{{ $json.q }}', ...config }, ...more }],
    } as never,
    { q: 'hello' },
  );

const found = { system: null, prompt: 'hello', tools: [], session: null };
const usage = { inputTokens: 10, outputTokens: 5 };
const said = (text: string, more: object = {}) => ({
  ...{ text, toolCalls: [], finish: 'stop', usage, cost: 15_000, currency: 'USD', latencyMs: 1, model: 'm:x' },
  ...more,
});
const wants = (...calls: [name: string, given: unknown][]) =>
  said('', {
    finish: 'tools',
    toolCalls: calls.map(([name, given], at) => ({ id: `c${at}`, name, arguments: given })),
  });

interface Asked {
  readonly model: string;
  readonly system?: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown; readonly isError?: boolean }[];
  readonly tools?: readonly { readonly name: string }[];
}
const asked = (drive: Drive, turn: number) => drive.input(`a[${turn}]/model`) as Asked;
const sessionEvents = (drive: Drive): SessionEvent[] =>
  drive.demands.flatMap((one) => (one.kind === 'session' ? one.events : []));

describe('a loop', () => {
  test('without tools is one call; the output is its text', () => {
    const drive = agent({ system: 'be kind' });
    expect(asked(drive, 0)).toMatchObject({
      model: 'm:x',
      system: 'be kind',
      messages: [{ role: 'user', content: 'hello', untrusted: true }],
    });
    drive.complete('a[0]/model', said('hi'));
    expect(drive.state.output).toEqual({ text: 'hi' });
  });

  test('calls tools at the same time, shows what they answered, and ends with the answer', () => {
    const drive = agent({ tools: [lookup] });
    expect(asked(drive, 0).tools).toHaveLength(1);
    drive.complete('a[0]/model', wants(['lookup', { id: '1' }], ['lookup', { id: '2' }]));
    expect(drive.open).toMatchObject([{ path: 'a[1]/lookup' }, { path: 'a[2]/lookup' }]);
    drive.complete('a[2]/lookup', { name: 'two' });
    expect(drive.open).toHaveLength(1);
    drive.fail('a[1]/lookup');
    expect(asked(drive, 3).messages.slice(1)).toEqual([
      { role: 'assistant', content: '', toolCalls: wants(['lookup', { id: '1' }], ['lookup', { id: '2' }]).toolCalls },
      {
        role: 'tool',
        callId: 'c0',
        name: 'lookup',
        content: expect.stringContaining('a[1]/lookup failed'),
        isError: true,
        untrusted: true,
      },
      { role: 'tool', callId: 'c1', name: 'lookup', content: '{"name":"two"}', untrusted: true },
    ]);
    drive.complete('a[3]/model', said('done'));
    expect(drive.state.output).toEqual({ text: 'done' });
  });

  test('goes on from its journal with another owner, and asks nothing twice', () => {
    const drive = agent({ tools: [lookup] });
    drive.complete('a[0]/model', wants(['lookup', { id: '1' }]));
    drive.complete('a[1]/lookup', 'one');
    const again = replay('e', 'p', drive.state.plan, drive.history);
    expect([...again.tasks.keys()]).toEqual(['a[2]/model']);
    expect(again.scopes.get('a[2]/')).toBeDefined();
  });

  test('a tool sees its arguments as $json', () => {
    const drive = agent({ tools: [{ ...lookup, config: { input: '{{ $json.id.toUpperCase() }}' } }] });
    drive.complete('a[0]/model', wants(['lookup', { id: 'x' }]));
    expect(drive.input('a[1]/lookup')).toMatchObject({ input: 'X' });
  });

  test('another workflow is a tool, and takes over where it is a hand-off', () => {
    const tools = [{ name: 'billing', description: 'Takes over', workflow: 'billing-agent', handoff: true }];
    const drive = agent({ tools });
    drive.complete('a[0]/context', { ...found, effects: { 'billing-agent': 'read' } });
    drive.complete('a[1]/model', wants(['billing', { why: 'money' }]));
    const child = drive.open.find((one) => one.kind === 'child');
    expect(child).toMatchObject({
      workflow: 'billing-agent',
      input: { why: 'money', conversation: [{ role: 'user', content: 'hello', untrusted: true }] },
    });
    drive.tell({
      type: 'child-ended',
      executionId: child?.kind === 'child' ? child.executionId : '',
      outcome: { status: 'completed', output: { text: 'paid' } },
    });
    expect(drive.state.output).toEqual({ text: 'paid' });
  });
});

describe('what a model may get wrong', () => {
  const refusals: [string, [string, unknown], string][] = [
    ['an unknown tool', ['lookpu', {}], 'There is no tool lookpu (did you mean lookup?); there are lookup.'],
    ['arguments that do not fit', ['lookup', { id: 1 }], 'The arguments do not fit: id'],
    ['arguments that are no JSON', ['lookup', '{"id":'], 'not valid JSON'],
  ];
  test.each(refusals)('%s: it is told', (_, call, words) => {
    const drive = agent({ tools: [lookup] });
    drive.complete('a[0]/model', wants(call));
    expect(asked(drive, 2).messages.at(-1)).toMatchObject({ isError: true, content: expect.stringContaining(words) });
    drive.complete('a[2]/model', said('sorry'));
    expect(drive.status).toBe('completed');
  });

  test('the same call with the same answer is not made a fourth time', () => {
    const drive = agent({ tools: [lookup] });
    for (const turn of [0, 2, 4]) {
      drive.complete(`a[${turn}]/model`, wants(['lookup', { id: '1' }]));
      drive.complete(`a[${turn + 1}]/lookup`, 'nothing');
    }
    drive.complete('a[6]/model', wants(['lookup', { id: '1' }]));
    expect(asked(drive, 8).messages.at(-1)?.content).toContain('called with these arguments 3 times in a row');
  });

  test('no end: the limit says what it did', () => {
    const drive = agent({ tools: [lookup], limits: { steps: 2 } });
    for (const turn of [0, 2]) {
      drive.complete(`a[${turn}]/model`, wants(['lookup', { id: '1' }]));
      drive.complete(`a[${turn + 1}]/lookup`, turn);
    }
    expect(drive.state.failure?.error).toMatchObject({
      code: 'limit_exceeded',
      message:
        'a: The agent made 2 model calls (limits.steps) without an end. It called lookup with {"id":"1"} 2 times.',
    });
  });

  test.each([
    [{ tokens: 15 }, 'limits.tokens'],
    [{ time: '1ms' }, 'limits.time'],
  ])('%j', (limits, words) => {
    const drive = agent({ tools: [lookup], limits });
    drive.complete('a[0]/model', wants(['lookup', { id: '1' }]));
    drive.complete('a[1]/lookup', 1);
    expect(drive.state.failure?.error.message).toContain(words);
  });

  const output = { schema: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } } };
  test('an answer that does not fit is repaired', () => {
    const drive = agent({ output });
    drive.complete('a[0]/model', said('{"n":"one"}', { object: { n: 'one' } }));
    expect(asked(drive, 1).messages.slice(1)).toEqual([
      { role: 'assistant', content: '{"n":"one"}' },
      { role: 'user', content: expect.stringContaining('Your answer does not fit: n') },
    ]);
    drive.complete('a[1]/model', said('```json\n{"n":1}\n```'));
    expect(drive.state.output).toEqual({ n: 1 });
  });

  test('and fails in the end, with what does not fit and without the answer itself', () => {
    const drive = agent({ output: { ...output, repair: 1 } });
    drive.complete('a[0]/model', said('secret words'));
    drive.complete('a[1]/model', said('secret words', { finish: 'length' }));
    const { error } = drive.state.failure!;
    expect(error).toMatchObject({ code: 'output_invalid', message: expect.stringContaining('it is no JSON') });
    expect(JSON.stringify(error)).not.toContain('secret words');
  });
});

describe('models that fail', () => {
  const retry = { retry: { attempts: 1 } };
  test('the next of the list is asked, for this turn', () => {
    const drive = agent({ model: ['twins', 'm:last'], tools: [lookup] }, retry);
    drive.fail('a[0]/model', 'permanent', 'model_refused');
    expect(asked(drive, 1).model).toBe('scripted:b');
    drive.fail('a[1]/model', 'transient', 'model_failed');
    expect(asked(drive, 2).model).toBe('m:last');
    drive.complete('a[2]/model', wants(['lookup', { id: '1' }]));
    drive.complete('a[3]/lookup', 1);
    expect(asked(drive, 4).model).toBe('scripted:a');
  });

  test.each([
    ['circuit_open', { retryAfterMs: 30_000 }],
    ['rate_limited', { status: 429, retryAfterMs: 30_000 }],
  ])('%s: the next is asked at once; only the last is waited for', (code, data) => {
    const drive = agent({ model: ['m:a', 'm:b', 'm:a'], limits: { time: '45s' } });
    drive.fail('a[0]/model', 'transient', code, data);
    expect(asked(drive, 1).model).toBe('m:b');
    drive.fail('a[1]/model', 'transient', code, data);
    expect(drive.status).toBe('waiting');
    drive.fire();
    drive.fail('a[1]/model', 'transient', code, data);
    expect(drive.state.failure?.error).toMatchObject({ code: 'limit_exceeded', data: { last: { code } } });
  });

  test('a model that only failed is tried again before the next is asked', () => {
    const drive = agent({ model: ['m:a', 'm:b'] });
    drive.fail('a[0]/model', 'transient', 'model_failed');
    drive.fire();
    expect(drive.open).toMatchObject([{ path: 'a[0]/model', attempt: 2 }]);
  });

  test('a tool is not tried again past the time of the agent, and the model hears of it', () => {
    const drive = agent({ tools: [lookup], limits: { time: '45s' } });
    drive.complete('a[0]/model', wants(['lookup', { id: '1' }]));
    drive.fail('a[1]/lookup', 'transient', 'circuit_open', { retryAfterMs: 60_000 });
    expect(asked(drive, 2).messages.at(-1)).toMatchObject({ isError: true });
  });

  test('the last failure fails the agent; a retry asks again from there', () => {
    const drive = agent({ tools: [lookup] }, retry);
    drive.complete('a[0]/model', wants(['lookup', { id: '1' }]));
    drive.complete('a[1]/lookup', 1);
    drive.fail('a[2]/model', 'permanent', 'model_refused');
    expect(drive.status).toBe('failed');
    drive.tell({ type: 'retry', reason: 'mended' });
    expect(drive.open).toMatchObject([{ path: 'a[3]/model' }]);
    expect(asked(drive, 3).messages).toHaveLength(3);
    drive.complete('a[3]/model', said('fine'));
    expect(drive.state.output).toEqual({ text: 'fine' });
  });

  test('retry and timeout of the agent are those of its calls', () => {
    const drive = agent({}, { retry: { attempts: 2, delay: '1s', jitter: false }, timeout: '9s' });
    drive.fail('a[0]/model', 'transient', 'model_failed');
    drive.fire();
    expect(drive.open).toMatchObject([{ path: 'a[0]/model', attempt: 2 }]);
    expect(drive.state.plan.root.nodes[0]?.bodies?.model?.nodes[0]?.timeoutMs).toBe(9_000);
  });
});

describe('what a person decides', () => {
  test('an effect that cannot be undone is asked for; edited arguments are those it runs with', () => {
    const drive = agent({ tools: [{ ...restart, config: { effect: 'irreversible', input: '{{ $json.id }}' } }] });
    drive.complete('a[0]/model', wants(['restart', { id: 'web' }]));
    expect(drive.status).toBe('waiting');
    expect(drive.demands.at(-1)).toMatchObject({
      kind: 'await',
      details: { title: 'Let test call restart?', data: { id: 'web' }, form: { required: ['id'] } },
    });
    drive.answer({ decision: 'approved', by: 'ada', data: { id: 'db' } });
    expect(drive.input('a[1]/restart')).toMatchObject({ input: 'db' });
  });

  test('the model is told of a rejection', () => {
    const drive = agent({ tools: [restart] });
    drive.complete('a[0]/model', wants(['restart', { id: 'web' }]));
    drive.answer({ decision: 'rejected', by: 'ada', comment: 'too early' });
    expect(asked(drive, 2).messages.at(-1)).toMatchObject({
      isError: true,
      content: expect.stringContaining('too early'),
    });
  });

  test.each([
    ['{{ $json.id == "db" ? "deny" : "allow" }}', 'db', 'refused'],
    ['{{ $json.id == "db" ? "deny" : "allow" }}', 'web', 'restart'],
    ['{{ $json.nothing }}', 'web', 'refused'],
    ['deny', 'web', 'refused'],
    ['allow', 'web', 'restart'],
  ])('policy %s of %s', (policy, id, body) => {
    const drive = agent({ tools: [{ ...restart, policy }] });
    drive.complete('a[0]/model', wants(['restart', { id }]));
    expect(drive.state.root.nodes[0]?.run?.turns[1]?.body).toBe(body);
  });

  test('irreversible tools are forbidden while untrusted content is in the context', () => {
    const tools = [
      { ...restart, policy: 'allow' },
      { ...lookup, trusted: false },
    ];
    const drive = agent({ tools, safety: { prompt: 'trusted', irreversible: 'deny' } });
    drive.complete('a[0]/model', wants(['restart', { id: 'web' }]));
    drive.complete('a[1]/restart', 'done');
    drive.complete('a[2]/model', wants(['restart', { id: 'web' }]));
    expect(asked(drive, 4).messages.at(-1)?.content).toContain('what came from outside is in the context');
  });
});

describe('money', () => {
  const shortage = { account: 'agent:e/a', limit: 500_000_000, spent: 0, reserved: 0, wanted: 600_000_000 };
  test('a call reserves the most it may cost against the accounts around it, and settles what it did', () => {
    const drive = agent({ limits: { cost: 0.5 }, maxOutputTokens: 7 });
    const charge = drive.demands.find((one) => one.kind === 'charge');
    expect(charge).toMatchObject({ path: 'a[0]/model', attempt: 1, charge: { model: 'm:x', currency: 'USD' } });
    expect(charge?.kind === 'charge' && charge.charge.accounts).toEqual([{ name: 'agent:e/a', limit: 500_000_000 }]);
    const read = 'hello'.length + MARKS + UNTRUSTED_NOTE.length;
    expect(charge?.kind === 'charge' && charge.charge.estimate).toBe(1_000 * (2 * 16 + read + 7));
    drive.complete('a[0]/model', said('hi'));
    expect(drive.demands.find((one) => one.kind === 'settle')).toMatchObject({ outcome: 'paid', cost: 15_000, usage });
  });

  test.each([
    ['rate_limited', 'free'],
    ['model_failed', 'unknown'],
    ['interrupted', 'unknown'],
  ])('%s is %s', (code, outcome) => {
    const drive = agent({}, { retry: { attempts: 1 } });
    drive.fail('a[0]/model', 'permanent', code);
    expect(drive.demands.find((one) => one.kind === 'settle')).toMatchObject({ path: 'a[0]/model', outcome });
  });

  test('a shortage fails the agent', () => {
    const drive = agent({ limits: { cost: 0.5 } });
    drive.fail('a[0]/model', 'permanent', 'budget_exceeded', shortage);
    expect(drive.state.failure?.error.code).toBe('budget_exceeded');
  });

  test('or makes it go on with a cheaper model', () => {
    const drive = agent({ limits: { cost: 0.5, onBudget: { fallback: 'm:cheap' } } });
    drive.fail('a[0]/model', 'permanent', 'budget_exceeded', shortage);
    expect(asked(drive, 1).model).toBe('m:cheap');
    drive.fail('a[1]/model', 'permanent', 'budget_exceeded', shortage);
    expect(drive.status).toBe('failed');
  });

  test('or asks a person, whose grant goes with the next call', () => {
    const drive = agent({ limits: { cost: 0.5, onBudget: 'pause_and_ask' } });
    drive.fail('a[0]/model', 'permanent', 'budget_exceeded', shortage);
    const details = {
      data: { amount: 0.6 },
      description: expect.stringContaining('exceed it by 0.10. It is raised for the whole call tree'),
    };
    expect(drive.demands.at(-1)).toMatchObject({ kind: 'await', details });
    drive.answer({ decision: 'approved', by: 'ada', data: { amount: 2 } });
    const charge = drive.demands.findLast((one) => one.kind === 'charge');
    expect(charge?.kind === 'charge' && charge.charge.accounts).toEqual([
      {
        name: 'agent:e/a',
        limit: 500_000_000,
        grants: [{ id: expect.stringContaining('e/a[1]@'), amount: 2_000_000_000 }],
      },
    ]);
  });

  test.each(['project/2026-11-27', 'user:ada', 'workflow:w', 'session:agent:e/a'])('of %s too', (account) => {
    const drive = agent({ limits: { onBudget: 'pause_and_ask' }, model: ['m:x', 'm:y'] }, { retry: { attempts: 1 } });
    drive.fail('a[0]/model', 'transient', 'model_failed');
    const spent = { spent: 40e9, reserved: 9.5e9, wanted: 0.6e9 };
    drive.fail('a[1]/model', 'permanent', 'budget_exceeded', { account, limit: 50e9, ...spent });
    const [title, description] = [
      `Give test more of the budget ${account === 'workflow:w' ? 'workflow:test' : account}?`,
      expect.stringContaining('exceed it by 0.10. It is raised for this agent alone'),
    ];
    const details = { title, description, data: { amount: 5.5 } };
    expect(drive.demands.at(-1)).toMatchObject({ kind: 'await', details });
    drive.answer({ decision: 'approved', by: 'ada' });
    expect(asked(drive, 3).model, 'the call that had no room').toBe('m:y');
    const charge = drive.demands.findLast((one) => one.kind === 'charge');
    const raises = [{ account, id: expect.stringContaining('e/a[2]@'), amount: 5.5e9 }];
    expect(charge).toMatchObject({ charge: { accounts: [], raises } });
  });

  test('a person who decides against more ends it', () => {
    const drive = agent({ limits: { cost: 0.5, onBudget: 'pause_and_ask' } });
    drive.fail('a[0]/model', 'permanent', 'budget_exceeded', shortage);
    drive.answer({ decision: 'rejected', by: 'ada' });
    expect(drive.state.failure?.error).toMatchObject({
      code: 'budget_exceeded',
      message: expect.stringContaining('decided against'),
    });
  });
});

describe('a session', () => {
  test('ends by itself when the agent says, not sooner than in a minute', () => {
    const [first] = agent({ session: 's', idle: '30m' }).demands.flatMap((one) => (one.kind === 'session' ? one : []));
    expect(first?.session.start).toEqual({ key: 's', agent: 'test', userId: null, idleMs: 1_800_000 });
    expect(agent({ session: 's', idle: '59s' }).state.failure?.error).toMatchObject({ code: 'config_invalid' });
  });

  const context = { system: null, prompt: 'hello', tools: [] };
  const session = { window: [], overflow: [], overflowTo: 0, summary: null, facts: {}, untrusted: false };
  const conversation = (config: object = {}, found: object = {}) => {
    const drive = agent({ session: 's1', user: 'ada', ...config });
    drive.complete('a[0]/context', { ...context, session: { ...session, ...found } });
    return drive;
  };

  test('hears of each turn', () => {
    const drive = conversation({ tools: [lookup] });
    drive.complete('a[1]/model', { ...wants(['lookup', { id: '1' }]), reasoning: 'look first' });
    drive.complete('a[2]/lookup', 'one');
    drive.complete('a[3]/model', said('done'));
    expect(sessionEvents(drive).map(({ type }) => type)).toEqual([
      ...['user.message.received', 'llm.requested', 'llm.responded', 'chain.step', 'tool.invoked', 'tool.completed'],
      ...['llm.requested', 'llm.responded', 'agent.response.generated'],
    ]);
    const start = drive.demands.find((one) => one.kind === 'session');
    expect(start).toMatchObject({ session: { start: { key: 's1', agent: 'test', userId: 'ada' } } });
  });

  test('its window, summary and facts are shown', () => {
    const window = [
      { role: 'user', content: 'before' },
      { role: 'assistant', content: 'yes' },
    ];
    const drive = conversation({}, { window, summary: 'We met.', facts: { name: 'Ada' } });
    const { system, messages } = asked(drive, 1);
    expect(system).toContain('<untrusted>\nWe met.\n</untrusted>');
    expect(system).toContain('<untrusted>\nname: "Ada"\n</untrusted>');
    const house = conversation({ safety: { prompt: 'trusted' } }, { summary: 'We met.' });
    expect(asked(house, 1).system).toBe('What was said before, summed up:\nWe met.');
    expect(messages).toMatchObject([...window, { content: 'hello' }]);
  });

  test('what falls out of the window is summed up first', () => {
    const overflow = [{ role: 'user', content: 'long ago' }];
    const drive = conversation({ memory: { summarize: true } }, { overflow, overflowTo: 7 });
    expect(asked(drive, 1).messages[0]?.content).toContain('user: long ago');
    drive.complete('a[1]/model', said('It was long ago.'));
    expect(asked(drive, 2).system).toContain('It was long ago.');
    expect(sessionEvents(drive).filter(({ type }) => type === 'session.context.updated')).toMatchObject([
      { data: { updateType: 'summary', newValue: 'It was long ago.' } },
      { data: { key: 'summary.upTo', newValue: 7 } },
    ]);
  });

  test('a summary of which a filter left nothing takes the place of nothing', () => {
    const overflow = [{ role: 'user', content: 'long ago' }];
    const drive = conversation({ memory: { summarize: true } }, { overflow, overflowTo: 7, summary: 'We met.' });
    drive.complete('a[1]/model', said(' ', { finish: 'filter' }));
    expect(asked(drive, 2).system).toContain('We met.');
    expect(sessionEvents(drive).filter(({ type }) => type === 'session.context.updated')).toEqual([]);
    drive.complete('a[2]/model', said('done'));
    expect(drive.state.output).toEqual({ text: 'done' });
  });

  test('a model remembers', () => {
    const drive = conversation({ memory: { tools: true } });
    drive.complete('a[1]/model', wants(['remember', { key: 'color', value: 'red' }], ['recall', { text: 'car' }]));
    expect(drive.input('a[3]/recall')).toMatchObject({ text: 'car', session: 's1', user: 'ada' });
    drive.complete('a[3]/recall', []);
    expect(asked(drive, 4).system).toContain('color: "red"');
    expect(sessionEvents(drive)).toContainEqual(
      expect.objectContaining({ data: { updateType: 'memory', key: 'color', newValue: 'red' } }),
    );
  });
});

describe('several nodes in one session', () => {
  const context = { system: null, prompt: 'hi', tools: [], session: null };
  const common = { model: 'm:x', session: 's1' };
  const intents = [{ name: 'refund' }];
  const nodes = [
    { id: 'wish', type: 'classify', config: { ...common, text: '{{ $trigger.q }}', intents } },
    { id: 'facts', type: 'extract', config: { ...common, text: '{{ $trigger.q }}', schema: { type: 'object' } } },
    { id: 'a', type: 'agent', config: { ...common, prompt: '{{ $trigger.q }}' } },
    { id: 'b', type: 'agent', config: { ...common, prompt: '{{ $trigger.q }}' } },
  ];
  const answers = [{ object: { intent: 'refund', confidence: 1 } }, { object: { n: 1 } }, {}];

  test('what the user said is told once until it is answered, and only an agent answers', () => {
    const edges = ['wish:refund -> facts', 'facts -> a', 'a -> b'];
    const drive = new Drive({ nodes, edges } as never, { q: 'hi' });
    for (const [index, answer] of answers.entries()) {
      drive.complete(`${nodes[index]?.id}[0]/context`, context);
      drive.complete(`${nodes[index]?.id}[1]/model`, said('hello', answer));
    }
    const heard = sessionEvents(drive).map(({ type }) => type);
    expect(heard.filter((type) => !type.startsWith('llm.'))).toEqual([
      ...['user.message.received', 'intent.classified', 'agent.response.generated', 'user.message.received'],
    ]);
    const again = replay('e', 'p', drive.state.plan, drive.history);
    expect(again.unanswered).toEqual(drive.state.unanswered);
  });
});

describe('nodes built on it', () => {
  const drive = (type: string, config: object) =>
    new Drive({ nodes: [{ id: 'a', type, config: { model: 'm:x', text: '{{ $json.q }}', ...config } }] } as never, {
      q: 'hi',
    });

  test('classify leaves by the intent, or by other', () => {
    const intents = [{ name: 'refund', examples: ['money back'] }];
    const sure = drive('classify', { intents });
    expect(asked(sure, 0).system).toContain('- refund Such as: "money back".');
    const object = { intent: 'refund', confidence: 0.9 };
    sure.complete('a[0]/model', said('', { object }));
    expect(sure.state.root.nodes[0]).toMatchObject({ port: 'refund', output: { ...object, alternatives: [] } });
    const unsure = drive('classify', { intents });
    unsure.complete('a[0]/model', said('', { object: { ...object, confidence: 0.2 } }));
    expect(unsure.state.root.nodes[0]?.port).toBe('other');
  });

  test.each([
    ['classify', { intents: [{ name: 'refund' }] }],
    ['extract', { schema: { type: 'object' } }],
  ])('%s has what an agent has against what outsiders write', (type, config) => {
    const messages = (safety?: object) =>
      asked(
        new Drive({ nodes: [{ id: 'a', type, config: { ...config, ...text, ...(safety && { safety }) } }] } as never),
        0,
      ).messages;
    const text = { model: 'm:x', text: 'hi <script>pay()</script>' };
    expect(messages()).toEqual([{ role: 'user', content: text.text, untrusted: true }]);
    expect(messages({ prompt: 'trusted', strip: true })).toEqual([{ role: 'user', content: 'hi' }]);
  });

  test.each([
    ['classify', { intents: [{ name: 'refund' }] }],
    ['extract', { schema: { type: 'object' } }],
  ])('%s asks the next model at once, and waits for the last only while there is time', (type, config) => {
    const one = drive(type, { ...config, model: ['m:a', 'm:b'], limits: { time: '10s' } });
    one.fail('a[0]/model', 'transient', 'rate_limited', { status: 429, retryAfterMs: 30_000 });
    expect(asked(one, 1).model).toBe('m:b');
    one.fail('a[1]/model', 'transient', 'rate_limited', { status: 429, retryAfterMs: 30_000 });
    expect(one.state.failure?.error).toMatchObject({
      code: 'limit_exceeded',
      data: { last: { code: 'rate_limited' } },
    });
  });

  test.each([
    ['classify', { intents: [{ name: 'refund' }] }],
    ['extract', { schema: { type: 'object' } }],
  ])('what a person grants %s goes with its next call', (type, config) => {
    const one = drive(type, { ...config, limits: { onBudget: 'pause_and_ask' } });
    const lack = { account: 'project', limit: 5, spent: 5, reserved: 0, wanted: 5 };
    one.fail('a[0]/model', 'permanent', 'budget_exceeded', lack);
    one.answer({ decision: 'approved', by: 'ada' });
    const charge = one.demands.findLast((demand) => demand.kind === 'charge');
    expect(charge).toMatchObject({ charge: { raises: [{ account: 'project' }] } });
  });

  test('extract fits its schema', () => {
    const one = drive('extract', { schema: { type: 'object', required: ['n'] } });
    one.complete('a[0]/model', said('{}', { object: {} }));
    one.complete('a[1]/model', said('', { object: { n: 1 } }));
    expect(one.state.output).toEqual({ n: 1 });
  });
});
