import { describe, expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import { replay } from './index.ts';

const act = (id: string, more: object = {}) => ({ id, type: 'act', ...more });
const value = (id: string, what: unknown, more: object = {}) => ({
  id,
  type: 'transform',
  config: { value: what },
  ...more,
});

describe('a graph', () => {
  test('runs in order and gives the output of its last node', () => {
    const run = new Drive({ nodes: [act('a'), act('b')], edges: ['a -> b'] });
    expect(run.open).toMatchObject([{ kind: 'task', path: 'a', attempt: 1 }]);
    run.complete('a', { x: 1 });
    run.complete('b', { y: 2 });
    expect(run.status).toBe('completed');
    expect(run.state.output).toEqual({ y: 2 });
  });

  test('pure nodes run at once, in one decision', () => {
    const run = new Drive(
      { nodes: [value('a', '{{ $trigger.n + 1 }}'), value('b', '{{ $json * 2 }}')], edges: ['a -> b'] },
      { n: 20 },
    );
    expect(run.state.output).toBe(42);
    expect(run.types()).toEqual([
      'execution.created',
      'execution.started',
      'node.completed',
      'node.completed',
      'execution.completed',
    ]);
  });

  test('several ends make an object by id', () => {
    const run = new Drive({ nodes: [value('a', 0), value('b', 1), value('c', 2)], edges: ['a -> b', 'a -> c'] });
    expect(run.state.output).toEqual({ b: 1, c: 2 });
  });

  test('a join waits for all live branches and never for a dead one', () => {
    const run = new Drive({
      nodes: [{ id: 'if', type: 'if', config: { condition: '{{ true }}' } }, act('yes'), act('no'), act('join')],
      edges: ['if:true -> yes', 'if:false -> no', 'yes -> join', 'no -> join'],
    });
    expect(run.open).toMatchObject([{ path: 'yes' }]);
    run.complete('yes', 1);
    expect(run.open).toMatchObject([{ path: 'join' }]);
  });

  test('a join of several gives its node an object by source', () => {
    const run = new Drive({
      nodes: [value('s', 0), value('a', 1), value('b', 2), value('j', '{{ $json }}')],
      edges: ['s -> a', 's -> b', 'a -> j', 'b -> j'],
    });
    expect(run.state.output).toEqual({ a: 1, b: 2 });
  });

  test.each([
    ['any', 1],
    [2, 2],
    ['all', 3],
  ] as const)('join %s starts after %d branches', (mode, needed) => {
    const run = new Drive({
      nodes: [value('s', 0), act('a'), act('b'), act('c'), { id: 'j', type: 'join', config: { mode } }, act('after')],
      edges: ['s -> a', 's -> b', 's -> c', 'a -> j', 'b -> j', 'c -> j', 'j -> after'],
    });
    for (const [index, path] of ['a', 'b', 'c'].entries()) {
      expect(run.open.some((one) => one.kind === 'task' && one.path === 'after')).toBe(index >= needed);
      run.complete(path);
    }
    run.complete('after');
    expect(run.status).toBe('completed');
  });

  test('a count that dead branches make impossible goes on with what came', () => {
    const run = new Drive({
      nodes: [
        value('s', 0),
        { id: 'if', type: 'if', config: { condition: '{{ false }}' } },
        act('a'),
        act('j', { join: 2 }),
      ],
      edges: ['s -> if', 's -> a', 'if:true -> j', 'a -> j'],
    });
    run.complete('a', 7);
    run.complete('j', 8);
    expect(run.state.output).toEqual({ if: 0, j: 8 });
  });
});

describe('failures', () => {
  test('a permanent one fails the execution, a retry goes on from the failed node', () => {
    const run = new Drive({ nodes: [act('a'), act('b'), act('c')], edges: ['a -> b', 'b -> c'] });
    run.complete('a', 1);
    run.fail('b');
    expect(run.status).toBe('failed');
    expect(run.state.failure).toMatchObject({ path: 'b', error: { code: 'node_failed' } });
    run.tell({ type: 'retry', reason: 'mended' });
    expect(run.open).toMatchObject([{ kind: 'task', path: 'b', attempt: 2 }]);
    run.complete('b', 2);
    run.complete('c', 3);
    expect(run.status).toBe('completed');
    expect(run.history.filter((event) => event.type === 'node.started').length).toBe(4);
  });

  test('a transient one waits for a timer and tries again, until the attempts are used up', () => {
    const run = new Drive({ nodes: [act('a', { retry: { attempts: 3, delay: '1s', jitter: false } })] });
    run.fail('a', 'transient');
    expect(run.status).toBe('waiting');
    run.fire();
    run.fail('a', 'transient');
    run.fire();
    run.fail('a', 'transient');
    expect(run.status).toBe('failed');
    const delays = run.history.flatMap((event) =>
      event.type === 'node.retrying' ? [event.data.until - event.at] : [],
    );
    expect(delays).toEqual([1000, 2000]);
  });

  test('an irreversible node is tried once unless its author says otherwise', () => {
    const run = new Drive({
      settings: { retry: { attempts: 9 } },
      nodes: [act('a', { config: { effect: 'irreversible' } })],
    });
    run.fail('a', 'transient');
    expect(run.status).toBe('failed');
  });

  test.each([
    ['continue', ['a -> b']],
    ['branch', ['a:error -> b']],
  ])('onError %s goes on with the error as output', (onError, edges) => {
    const run = new Drive({ nodes: [act('a', { onError }), value('b', '{{ $json.error.code }}')], edges });
    run.fail('a');
    expect(run.state.output).toBe('node_failed');
  });

  test('an edge from the port error is enough', () => {
    const run = new Drive({ nodes: [act('a'), value('b', 'mended'), act('c')], edges: ['a:error -> b', 'a -> c'] });
    run.fail('a');
    expect(run.state.output).toBe('mended');
  });

  test('an execution fails only when the tasks at work have told their results', () => {
    const run = new Drive({
      nodes: [value('s', 0), act('a'), act('b'), act('c')],
      edges: ['s -> a', 's -> b', 'b -> c'],
    });
    run.fail('a');
    expect(run.status).toBe('running');
    run.complete('b', 1);
    expect(run.status).toBe('failed');
    expect(run.open).toEqual([]);
    run.tell({ type: 'retry', reason: '' });
    expect(run.open.map((one) => one.kind === 'task' && one.path).sort()).toEqual(['a', 'c']);
  });

  test('an expression that fails names node and expression', () => {
    const run = new Drive({ nodes: [value('a', "{{ 'x'.repeat(1e9) }}")] });
    expect(run.state.failure?.error).toMatchObject({ code: 'expression_limit', kind: 'permanent' });
    expect(run.state.failure?.error.message).toContain('a: ');
  });

  test('a result for an attempt that is over changes nothing', () => {
    const run = new Drive({ nodes: [act('a', { retry: { attempts: 2 } })] });
    run.fail('a', 'transient');
    run.fire();
    const before = run.history.length;
    run.tell({ type: 'task-completed', path: 'a', attempt: 1, result: { output: 'late' } });
    run.tell({ type: 'task-failed', path: 'zz', attempt: 1, error: { code: 'x', kind: 'permanent', message: '' } });
    run.tell({ type: 'timer', timerId: 'unknown' });
    run.tell({ type: 'child-ended', executionId: 'unknown', outcome: { status: 'completed' } });
    expect(run.history.length).toBe(before);
  });
});

describe('a crash', () => {
  const crashed = (effect: string | undefined, attempts = 1) => {
    const run = new Drive({ nodes: [act('a', effect === undefined ? {} : { config: { effect } })] });
    for (let i = 1; i <= attempts; i++) run.tell({ type: 'recover' });
    return run;
  };

  test('runs again what may run again, with the next attempt', () => {
    const run = crashed(undefined);
    expect(run.open.at(-1)).toMatchObject({ kind: 'task', path: 'a', attempt: 2, reconcile: false });
  });

  test('asks first where the node can be asked', () => {
    expect(crashed('reconcilable').open.at(-1)).toMatchObject({ attempt: 2, reconcile: true });
  });

  test('leaves an irreversible one to a person', () => {
    const run = crashed('irreversible');
    expect(run.status).toBe('failed');
    expect(run.state.failure?.error.code).toBe('in_doubt');
  });

  test('in doubt is never handled by onError: only a person can find out', () => {
    const run = new Drive({ nodes: [act('a', { config: { effect: 'irreversible' }, onError: 'continue' })] });
    run.tell({ type: 'recover' });
    expect(run.status).toBe('failed');
  });

  test('holds the node to be the cause after three', () => {
    expect(crashed(undefined, 2).status).toBe('running');
    expect(crashed(undefined, 3).state.failure?.error.code).toBe('crash_loop');
  });
});

describe('waiting', () => {
  test('a delay arms a timer and passes its input on', () => {
    const run = new Drive({ nodes: [{ id: 'd', type: 'delay', config: { for: '90s' } }] }, { keep: 1 });
    expect(run.status).toBe('waiting');
    run.fire();
    expect(run.state.output).toEqual({ keep: 1 });
  });

  test('the time limit of an execution aborts what is at work', () => {
    const run = new Drive({ settings: { timeout: '1m' }, nodes: [act('a')] });
    run.fire();
    expect(run.demands).toContainEqual({ kind: 'abort', path: 'a' });
    run.fail('a', 'transient');
    expect(run.status).toBe('failed');
    expect(run.state.failure?.error.code).toBe('timeout');
  });

  test('a time limit that is not needed is called off', () => {
    const run = new Drive({ settings: { timeout: '1m' }, nodes: [act('a')] });
    run.complete('a');
    expect(run.open).toEqual([]);
  });

  test('cancel calls off tasks, timers and children, and nothing comes after it', () => {
    const run = new Drive({
      nodes: [
        value('s', 0),
        act('a'),
        { id: 'd', type: 'delay', config: { for: '1h' } },
        { id: 'w', type: 'workflow', config: { workflow: 'x' } },
      ],
      edges: ['s -> a', 's -> d', 's -> w'],
    });
    run.tell({ type: 'cancel', reason: 'enough' });
    expect(run.status).toBe('canceled');
    expect(
      run.demands
        .map((one) => one.kind)
        .slice(-3)
        .sort(),
    ).toEqual(['abort', 'cancel-child', 'disarm']);
    expect(() => run.tell({ type: 'cancel', reason: 'again' })).toThrow('canceled');
    expect(() => run.tell({ type: 'retry', reason: '' })).toThrow('canceled');
  });
});

describe('more than one decision can hold', () => {
  test('300 delays beside a task: all of them begin', () => {
    const delays = Array.from({ length: 300 }, (_, at) => ({ id: `d${at}`, type: 'delay', config: { for: '24h' } }));
    const run = new Drive({
      nodes: [value('s', 0), ...delays, act('a')],
      edges: [...delays.map(({ id }) => `s -> ${id}`), 's -> a'],
    });
    expect(run.open.length).toBe(301);
    run.complete('a');
    expect(run.status).toBe('waiting');
  });
});

describe('a retry', () => {
  test('of an execution that only waits leaves it waiting', () => {
    const run = new Drive({ settings: { timeout: '1m' }, nodes: [{ id: 'd', type: 'delay', config: { for: '1h' } }] });
    run.open.sort((a, b) => (a.kind === 'arm' && b.kind === 'arm' ? a.at - b.at : 0));
    run.fire();
    expect(run.status).toBe('failed');
    run.tell({ type: 'retry', reason: '' });
    expect(run.status).toBe('waiting');
    run.fire();
    expect(run.status).toBe('completed');
  });

  test('begins the count of attempts and of crashes anew', () => {
    const run = new Drive({ nodes: [act('a', { retry: { attempts: 2 } })] });
    run.fail('a', 'transient');
    run.fire();
    run.fail('a', 'transient');
    expect(run.status).toBe('failed');
    run.tell({ type: 'retry', reason: '' });
    run.fail('a', 'transient');
    expect(run.status).toBe('waiting');
    run.fire();
    run.tell({ type: 'recover' });
    run.tell({ type: 'recover' });
    expect(run.status).toBe('running');
    run.tell({ type: 'recover' });
    expect(run.state.failure?.error.code).toBe('crash_loop');
  });
});

describe('children', () => {
  const call = (wait: boolean) =>
    new Drive({ nodes: [{ id: 'w', type: 'workflow', config: { workflow: 'x', input: 5, wait } }] });
  const child = (run: Drive) => run.demands.find((one) => one.kind === 'child')!;

  test('the output of a child is the output of the node', () => {
    const run = call(true);
    const { executionId } = child(run) as { executionId: string };
    expect(run.status).toBe('waiting');
    run.tell({ type: 'child-ended', executionId, outcome: { status: 'completed', output: 6 } });
    expect(run.state.output).toBe(6);
  });

  test.each([
    { status: 'failed', error: { code: 'x', kind: 'permanent', message: 'because' } },
    { status: 'canceled' },
  ] as const)('a child that ended otherwise fails the node: %j', (outcome) => {
    const run = call(true);
    const { executionId } = child(run) as { executionId: string };
    run.tell({ type: 'child-ended', executionId, outcome });
    expect(run.state.failure?.error.code).toBe('child_failed');
  });

  test('without waiting, the node goes on at once', () => {
    const run = call(false);
    expect(run.state.output).toEqual({ executionId: (child(run) as { executionId: string }).executionId });
  });
});

describe('containers', () => {
  const body = { nodes: [act('t', { config: { input: '{{ $item }}' } })] };
  const loop = (config: object) => new Drive({ nodes: [{ id: 'l', type: 'loop', config: { body, ...config } }] });
  const map = (config: object, more: object = {}) =>
    new Drive({ nodes: [{ id: 'm', type: 'map', config: { body, items: '{{ [1, 2, 3, 4] }}', ...config }, ...more }] });

  test('a loop takes one item after the other', () => {
    const run = loop({ items: '{{ [7, 8] }}' });
    expect(run.open).toMatchObject([{ path: 'l[0]/t' }]);
    run.complete('l[0]/t', 'x');
    run.complete('l[1]/t', 'y');
    expect(run.state.output).toEqual(['x', 'y']);
  });

  test('times and while', () => {
    const times = loop({ times: 2 });
    times.complete('l[0]/t');
    times.complete('l[1]/t');
    expect(times.status).toBe('completed');
    const until = loop({ while: '{{ $index < 3 && $results.length < 2 }}' });
    until.complete('l[0]/t', 1);
    until.complete('l[1]/t', 2);
    expect(until.state.output).toEqual([1, 2]);
  });

  test.each([
    [{ items: '{{ [1, 2, 3] }}', max: 2 }, 'limit_exceeded'],
    [{ while: '{{ true }}', max: 0 + 1 }, 'limit_exceeded'],
    [{ items: '{{ 5 }}' }, 'config_invalid'],
    [{ times: '{{ -1 }}' }, 'config_invalid'],
  ])('a loop of %j is refused with %s', (config, code) => {
    const run = loop(config);
    if (!run.ended) run.complete('l[0]/t');
    expect(run.state.failure?.error.code).toBe(code);
  });

  test('a map runs several at a time and keeps the order', () => {
    const run = map({ limit: 2 });
    expect(run.open.length).toBe(2);
    run.complete('m[1]/t', 'b');
    run.complete('m[2]/t', 'c');
    run.complete('m[0]/t', 'a');
    run.complete('m[3]/t', 'd');
    expect(run.state.output).toEqual(['a', 'b', 'c', 'd']);
  });

  test.each([
    ['skip', ['a', 'c', 'd']],
    ['collect', ['a', { error: expect.objectContaining({ code: 'node_failed' }) }, 'c', 'd']],
  ])('an item that fails: %s', (onItemError, expected) => {
    const run = map({ limit: 4, onItemError });
    run.complete('m[0]/t', 'a');
    run.fail('m[1]/t');
    run.complete('m[2]/t', 'c');
    run.complete('m[3]/t', 'd');
    expect(run.state.output).toEqual(expected);
  });

  test('an item that fails the map: nothing new starts, and a retry repeats only what is missing', () => {
    const run = map({ limit: 2 });
    run.fail('m[0]/t');
    expect(run.status).toBe('running');
    run.complete('m[1]/t', 'b');
    expect(run.status).toBe('failed');
    run.tell({ type: 'retry', reason: '' });
    run.complete('m[0]/t', 'a');
    run.complete('m[2]/t', 'c');
    run.complete('m[3]/t', 'd');
    expect(run.state.output).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a map that fails can be handled like any node', () => {
    const run = map({ limit: 1 }, { onError: 'continue' });
    run.fail('m[0]/t');
    expect(run.state.output).toMatchObject({ error: { code: 'node_failed' } });
  });

  test('branches run side by side and give an object by name', () => {
    const run = new Drive({
      nodes: [
        { id: 'p', type: 'parallel', config: { branches: { x: { nodes: [act('t')] }, y: { nodes: [act('t')] } } } },
      ],
    });
    run.complete('p[y]/t', 2);
    run.complete('p[x]/t', 1);
    expect(run.state.output).toEqual({ x: 1, y: 2 });
  });

  test('a body sees nodes outside, and the innermost item', () => {
    const inner = { nodes: [value('v', '{{ [$node.first, $item, $index] }}')] };
    const outer = { nodes: [{ id: 'in', type: 'loop', config: { items: '{{ [$item] }}', body: inner } }] };
    const run = new Drive({
      nodes: [value('first', 'f'), { id: 'out', type: 'loop', config: { items: '{{ [5, 6] }}', body: outer } }],
      edges: ['first -> out'],
    });
    expect(run.state.output).toEqual([[['f', 5, 0]], [['f', 6, 0]]]);
  });

  test('what still waits in an item that was skipped may come after the map has ended', () => {
    const delay = { nodes: [{ id: 'd', type: 'delay', config: { for: '5s' } }] };
    const inner = { id: 'p', type: 'parallel', config: { branches: { x: delay, y: { nodes: [act('t')] } } } };
    const run = new Drive({
      nodes: [
        { id: 'm', type: 'map', config: { items: '{{ [1] }}', onItemError: 'skip', body: { nodes: [inner] } } },
        act('after'),
      ],
      edges: ['m -> after'],
    });
    run.fail('m[0]/p[y]/t');
    run.fire();
    run.complete('after', 'done');
    expect(run.state.output).toBe('done');
  });

  test('20,000 iterations stay within the bounds of a decision', () => {
    const run = new Drive({
      nodes: [
        {
          id: 'l',
          type: 'loop',
          config: { times: 20_000, max: 20_000, body: { nodes: [value('v', '{{ $index }}')] } },
        },
      ],
    });
    expect((run.state.output as number[]).length).toBe(20_000);
  });
});

test('a respond node asks for an answer once and passes its input on', () => {
  const run = new Drive({ nodes: [{ id: 'r', type: 'respond', config: { status: 201, body: 'ok' } }] }, { n: 1 });
  expect(run.demands).toEqual([{ kind: 'respond', response: { status: 201, headers: {}, body: 'ok' } }]);
  expect(run.state.output).toEqual({ n: 1 });
});

test('a fail node ends its branch with the error its author chose', () => {
  const run = new Drive(
    { nodes: [{ id: 'f', type: 'fail', config: { message: 'no {{ $json.id }}', code: 'mine' } }] },
    { id: 3 },
  );
  expect(run.state.failure).toMatchObject({ error: { code: 'mine', message: 'no 3' }, path: 'f' });
});

test('an event of a node that is not there is a corrupt history', () => {
  const { state } = new Drive({ nodes: [act('a')] });
  const events = [{ type: 'node.woken', at: 1, data: { path: 'zz[0]/x' } } as const];
  expect(() => replay('e', 'p', state.plan, events)).toThrow('zz[0]/x');
});
