/** Containers that choose their turns, and tasks that are paid, as the engine sees them. */
import { describe, expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import { accountsOf } from './charge.ts';
import { replay, taskInput } from './index.ts';
import { knownOf } from './node-env.ts';
import { find } from './state.ts';

const usage = { inputTokens: 1, outputTokens: 1 };
const answer = (name?: string) => ({
  ...{ text: 'done', finish: 'stop', usage, cost: 2, currency: 'USD', latencyMs: 1, model: 'm:x' },
  toolCalls: name === undefined ? [] : [{ id: 'c', name, arguments: {} }],
});
const tool = (name: string, more: object = {}) => ({ name, description: name, type: 'act', policy: 'allow', ...more });
const run = (config: object, more: object = {}) =>
  new Drive({
    nodes: [{ id: 'a', type: 'agent', config: { model: 'm:x', prompt: 'hi', ...config } }],
    ...more,
  } as never);

describe('turns', () => {
  test('an effect in doubt is not told to the director: a person finds out, and it goes on', () => {
    const drive = run({ tools: [tool('pay', { config: { effect: 'irreversible' } }), tool('look')] });
    drive.complete('a[0]/model', {
      ...answer(),
      toolCalls: ['pay', 'look'].map((name) => ({ id: name, name, arguments: {} })),
    });
    drive.complete('a[2]/look', 1);
    drive.open = [];
    drive.tell({ type: 'recover' });
    expect(drive.state.failure).toMatchObject({ path: 'a', error: { code: 'in_doubt' } });
    drive.tell({ type: 'skip', path: 'a[1]/pay', output: 'paid', reason: 'seen' });
    expect(drive.open).toMatchObject([{ path: 'a[3]/model' }]);
    drive.complete('a[3]/model', answer());
    expect(drive.status).toBe('completed');
    expect(replay('e', 'p', drive.state.plan, drive.history).status).toBe('completed');
  });

  test('a turn runs again as a whole where a person goes back to the agent', () => {
    const drive = run({ tools: [tool('look')] });
    drive.complete('a[0]/model', answer('look'));
    drive.fail('a[1]/look', 'permanent');
    drive.complete('a[2]/model', answer());
    expect(drive.status).toBe('completed');
  });

  test('retry from the agent begins anew', () => {
    const drive = new Drive({
      nodes: [
        { id: 'a', type: 'agent', config: { model: 'm:x', prompt: 'hi' } },
        { id: 'b', type: 'act' },
      ],
      edges: ['a -> b'],
    } as never);
    drive.complete('a[0]/model', answer());
    drive.fail('b');
    drive.tell({ type: 'retry', reason: 'r', from: 'a' });
    expect(drive.open).toMatchObject([{ path: 'a[0]/model' }]);
    drive.complete('a[0]/model', answer());
    drive.complete('b', 1);
    expect(drive.status).toBe('completed');
  });

  test('a person may let the agent count as done', () => {
    const drive = run({ session: 's' });
    drive.complete('a[0]/context', { system: null, prompt: 'hi', tools: [], session: null });
    drive.tell({ type: 'skip', path: 'a', output: { text: 'by hand' }, reason: 'r' });
    expect(drive.state.output).toEqual({ text: 'by hand' });
    const told = drive.demands.flatMap((one) => (one.kind === 'session' ? one.events : []));
    expect(told.at(-1)).toMatchObject({ type: 'agent.response.generated', data: { content: 'by hand' } });
    expect(drive.demands.findLast((one) => one.kind === 'settle')).toMatchObject({ outcome: 'unknown' });
  });

  test('more turns than an agent may take fail it', () => {
    const drive = run({ tools: [tool('look')] });
    drive.state.root.nodes[0]!.run = {
      ...drive.state.root.nodes[0]!.run!,
      iteration: { ...drive.state.root.nodes[0]!.run!.iteration, max: 1 },
    };
    drive.complete('a[0]/model', answer('look'));
    expect(drive.state.failure?.error.code).toBe('limit_exceeded');
  });

  test('a decision that is full goes on after its commit', () => {
    const body = { nodes: [{ id: 'a', type: 'agent', config: { model: 'm:x', prompt: 'hi' } }] };
    const items = Array.from({ length: 200 }, (_, at) => at);
    const drive = new Drive({ nodes: [{ id: 'each', type: 'map', config: { items, limit: 200, body } }] } as never);
    expect(drive.open.filter(({ kind }) => kind === 'task')).toHaveLength(200);
  });
});

test('a director decides by the strongest effect of a body, and may end with nothing', () => {
  const tools = [{ name: 'shape', description: 'd', type: 'transform', config: { value: 1 } }];
  const drive = run({ tools });
  drive.complete('a[0]/model', answer('shape'));
  expect(drive.open).toMatchObject([{ path: 'a[2]/model' }]);
  const known = { ...knownOf(drive.state, find(drive.state, 'a')!, 0) };
  expect(known.effectOf('shape')).toBe('pure');
  expect(known.effectOf('context')).toBe('read');
});

describe('paid tasks', () => {
  test('an expression that fails is told before anything is reserved', () => {
    const drive = new Drive({
      nodes: [{ id: 'm', type: 'model', config: { model: 'm:x', messages: '{{ $json.no }}' } }],
    });
    expect(drive.state.failure?.error.code).toBe('config_invalid');
    expect(drive.demands.some(({ kind }) => kind === 'charge' || kind === 'task')).toBe(false);
  });

  test('the first call of a place is told from those that may have left one open', () => {
    const drive = new Drive({ nodes: [{ id: 'm', type: 'model', config: { model: 'm:x', messages: 'hi' } }] });
    drive.fail('m', 'transient', 'model_failed');
    drive.fire();
    drive.fail('m', 'permanent', 'model_failed');
    drive.tell({ type: 'retry', reason: 'again' });
    const charges = drive.demands.filter(({ kind }) => kind === 'charge');
    expect(charges).toMatchObject([{ first: true }, { first: false }, { first: false }]);
  });

  test('what was resolved to know the price is not resolved again, but for another attempt', () => {
    const config = { model: 'm:x', messages: '{{ $trigger.say }}', temperature: '{{ $trigger.warmth }}' };
    const drive = new Drive({ nodes: [{ id: 'm', type: 'model', config }] } as never, { say: 'hi', warmth: 1 });
    const input = () => taskInput(drive.state, 'm', () => '').resolve();
    const kept = input();
    expect(kept).toMatchObject({ messages: 'hi', temperature: 1 });
    expect(input()).toEqual(kept);
    drive.fail('m', 'transient', 'model_failed');
    drive.fire();
    expect(input()).toEqual(kept);
  });

  test('budgets: those above, of the execution, of the agents around; a child inherits all', () => {
    const workflowTool = { name: 'sub', description: 'd', workflow: 'other', policy: 'allow' };
    const drive = run({ tools: [workflowTool], limits: { cost: 1 } }, { settings: { budget: 2 } });
    drive.complete('a[0]/model', answer('sub'));
    const accounts = [
      { name: 'execution:e', limit: 2_000_000_000 },
      { name: 'agent:e/a', limit: 1_000_000_000 },
    ];
    expect(drive.demands.find(({ kind }) => kind === 'child')).toMatchObject({ accounts });
    expect(drive.demands.find(({ kind }) => kind === 'settle')).toMatchObject({ budgeted: true });
    drive.state.accounts = [{ name: 'execution:above', limit: 5 }];
    expect(accountsOf(drive.state, find(drive.state, 'a[1]/sub')!)).toEqual([...drive.state.accounts, ...accounts]);
  });

  test('an error that names what was paid', () => {
    const drive = run({});
    const paid = { usage, cost: 7, model: 'm:x' };
    drive.fail('a[0]/model', 'permanent', 'model_failed', { paid });
    const settled = drive.demands.findLast(({ kind }) => kind === 'settle');
    expect(settled).toEqual({ kind: 'settle', path: 'a[0]/model', outcome: 'paid', ...paid });
  });

  test('what a crash cut off is asked after under the same reservation; lost, it is unknown and another is made', () => {
    const drive = run({});
    drive.open = [];
    drive.tell({ type: 'recover' });
    expect(drive.open).toMatchObject([{ path: 'a[0]/model', attempt: 2, reconcile: true }]);
    expect(drive.demands.filter(({ kind }) => kind === 'charge')).toHaveLength(1);
    drive.fail('a[0]/model', 'transient', 'answer_lost');
    expect(drive.demands.findLast(({ kind }) => kind === 'settle')).toMatchObject({ outcome: 'unknown' });
    drive.fire();
    expect(drive.demands.filter(({ kind }) => kind === 'charge')).toHaveLength(2);
  });

  test('what a crash cut off is open while nobody can be asked after it, and unknown where that fails for good', () => {
    const drive = run({});
    drive.open = [];
    drive.tell({ type: 'recover' });
    drive.fail('a[0]/model', 'transient', 'circuit_open');
    expect(drive.demands.filter(({ kind }) => kind === 'settle')).toEqual([]);
    drive.fire();
    expect(drive.demands.filter(({ kind }) => kind === 'charge')).toHaveLength(1);
    drive.fail('a[0]/model', 'permanent', 'model_refused');
    expect(drive.demands.findLast(({ kind }) => kind === 'settle')).toMatchObject({ outcome: 'unknown' });
  });

  describe('what a crash cut off is unknown where nobody asks after it any more', () => {
    const model = { id: 'm', type: 'model', config: { model: 'm:x', messages: 'hi' } };
    const waiting = (more: object = {}) => {
      const nodes = [{ id: 's', type: 'transform', config: { value: 1 } }, model, { id: 'b', type: 'act' }];
      const drive = new Drive({ nodes, edges: ['s -> m', 's -> b'], ...more } as never);
      drive.open = drive.open.filter((one) => one.kind === 'arm');
      drive.tell({ type: 'recover' });
      return drive;
    };
    const refuse = (drive: Drive) => drive.fail('m', 'transient', 'circuit_open');
    const settled = (drive: Drive) => drive.demands.filter(({ kind }) => kind === 'settle');
    const unknown = [{ kind: 'settle', path: 'm', outcome: 'unknown' }];

    test.each<[string, (drive: Drive) => void]>([
      ['it is canceled', (drive) => drive.tell({ type: 'cancel', reason: 'r' })],
      ['a person skips it', (drive) => drive.tell({ type: 'skip', path: 'm', reason: 'r' })],
      ['something else fails', (drive) => drive.fail('b')],
    ])('%s', (_, end) => {
      const drive = waiting();
      refuse(drive);
      expect(settled(drive)).toEqual([]);
      end(drive);
      expect(settled(drive)).toEqual(unknown);
    });

    test('its time is over', () => {
      const drive = waiting({ settings: { timeout: '1m' } });
      refuse(drive);
      drive.complete('b');
      drive.fire();
      expect(drive.status).toBe('failed');
      expect(settled(drive)).toEqual(unknown);
    });

    test('something else has failed before it is refused', () => {
      const drive = waiting();
      drive.fail('b');
      refuse(drive);
      expect(settled(drive)).toEqual(unknown);
    });

    test('its iteration has failed, and the others go on', () => {
      const body = { nodes: [model, { id: 'b', type: 'act' }, { id: 's', type: 'transform', config: { value: 1 } }] };
      const config = { items: [1], onItemError: 'collect', body: { ...body, edges: ['s -> m', 's -> b'] } };
      const drive = new Drive({ nodes: [{ id: 'each', type: 'map', config }] } as never);
      drive.open = [];
      drive.tell({ type: 'recover' });
      drive.fail('each[0]/m', 'transient', 'circuit_open');
      drive.fail('each[0]/b');
      expect(drive.status).toBe('completed');
      expect(settled(drive)).toEqual([{ kind: 'settle', path: 'each[0]/m', outcome: 'unknown' }]);
    });

    test('taken up by a retry, it says what it was all the same: the books have one that an older version left open', () => {
      const drive = waiting();
      refuse(drive);
      drive.fail('b');
      drive.tell({ type: 'retry', reason: 'r' });
      drive.fire();
      drive.complete('m', { ...answer(), cost: 5 });
      drive.complete('b');
      expect(drive.status).toBe('completed');
      expect(settled(drive)).toMatchObject([...unknown, { path: 'm', outcome: 'paid', cost: 5 }]);
      expect(drive.demands.filter(({ kind }) => kind === 'charge')).toHaveLength(1);
    });
  });

  test.each([
    ['free', 429],
    ['unknown', 504],
  ])('a call that was refused is %s with status %i', (outcome, status) => {
    const drive = run({});
    drive.fail('a[0]/model', 'transient', 'model_failed', { status });
    expect(drive.demands.findLast(({ kind }) => kind === 'settle')).toMatchObject({ outcome });
  });

  test('a call for whose repeat there is no time is what its own end says', () => {
    const drive = run({ limits: { time: '1s' } });
    drive.fail('a[0]/model', 'transient', 'rate_limited', { retryAfterMs: 60_000 });
    expect(drive.state.failure?.error.code).toBe('limit_exceeded');
    expect(drive.demands.findLast(({ kind }) => kind === 'settle')).toMatchObject({ outcome: 'free' });
  });

  test('a canceled call is unknown', () => {
    const drive = run({});
    drive.tell({ type: 'cancel', reason: 'r' });
    expect(drive.demands.findLast(({ kind }) => kind === 'settle')).toMatchObject({
      path: 'a[0]/model',
      outcome: 'unknown',
    });
  });
});
