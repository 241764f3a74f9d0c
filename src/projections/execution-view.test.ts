import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Definition } from '../core/definition/schema.ts';
import { type Command, decide, type ExecutionEvent, hasMore, newState, next } from '../core/execution/index.ts';
import type { ContainerNode, NodeType, StepNode, TaskNode } from '../core/node-type.ts';
import { compilePlan } from '../core/plan/compile.ts';
import type { ExecutionRow } from '../ports/store.ts';
import { logLine } from './execution-log.ts';
import { ExecutionFold, executionView } from './execution-view.ts';
import { IterationScan } from './iteration-scan.ts';
import { NodeFold } from './node-detail.ts';

const base = { version: 1, description: '', example: {}, config: z.looseObject({}), effect: () => 'pure' as const };
const pass: StepNode = {
  ...base,
  type: 'pass',
  ports: () => ['out', 'other'],
  step: (config, { json }) => ({ do: 'complete', output: json, port: (config as { port?: string }).port ?? 'out' }),
};
const nap: StepNode = {
  ...base,
  type: 'nap',
  ports: () => ['out'],
  step: (_, { now }) => ({ do: 'sleep', until: now + 60_000 }),
};
const call: StepNode = {
  ...base,
  type: 'call',
  ports: () => ['out'],
  step: () => ({ do: 'call', workflow: 'child', input: 1, wait: true }),
};
const work: TaskNode = { ...base, type: 'work', ports: () => ['out'], run: async () => ({ output: null }) };
const each: ContainerNode = {
  ...base,
  type: 'each',
  ports: () => ['out'],
  bodies: (config) => ({ body: (config as { body: { nodes: unknown; edges: unknown } }).body }),
  open: (config) => ({ items: (config as { items: unknown[] }).items, limit: 1, max: 10_000, onItemError: 'fail' }),
};
const types = new Map<string, NodeType>([pass, nap, call, work, each].map((type) => [type.type, type]));

const START = Date.UTC(2026, 0, 1);

/** Plays commands; the clock goes on by a second with each. */
function play(definition: Omit<Definition, 'name'>, commands: readonly Command[] = []) {
  const plan = compilePlan({ name: 'w', ...definition }, { workflowId: 'wf', version: 2 }, types);
  const state = newState('x', 'p', plan);
  const events: ExecutionEvent[] = [];
  let now = START;
  let ids = 0;
  const tell = (command: Command) => {
    now += 1000;
    events.push(...decide(state, command, { now, id: () => `id${++ids}`, random: () => 0.5 }));
    while (command.type !== 'create' && hasMore(state)) {
      const more = decide(state, { type: 'advance' }, { now, id: () => `id${++ids}`, random: () => 0.5 });
      if (more.length === 0) break;
      events.push(...more);
    }
    next(state);
  };
  tell({ type: 'create', triggerId: 'hook', trigger: { a: 1 } });
  tell({ type: 'advance' });
  commands.forEach(tell);
  const row: ExecutionRow = {
    id: 'x',
    projectId: 'p',
    workflowId: 'wf',
    workflowName: 'w',
    version: 2,
    status: state.status,
    triggerId: 'hook',
    parentId: null,
    createdAt: START + 1000,
    startedAt: START + 2000,
    finishedAt: null,
    error: state.failure?.error ?? null,
  };
  return { plan, events, row };
}

const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const boom = { code: 'node_failed', kind: 'permanent', message: 'boom' } as const;
const flaky = { code: 'timeout', kind: 'transient', message: 'slow' } as const;

test('a completed execution has its output, its trigger, the ports taken and the nodes skipped', () => {
  const { row, plan, events } = play({
    nodes: [
      { id: 'a', type: 'pass' },
      { id: 'b', type: 'pass' },
      { id: 'c', type: 'pass' },
    ],
    edges: ['a -> b', 'a:other -> c'],
  });
  const view = executionView(row, plan, events);
  expect(view).toMatchObject({
    id: 'x',
    workflowId: 'wf',
    version: 2,
    status: 'completed',
    trigger: { a: 1 },
    output: { a: 1 },
    waitingFor: [],
    createdAt: at(1),
    startedAt: at(2),
    truncated: false,
  });
  expect(view.nodes.map(({ path, status, port }) => [path, status, port])).toEqual([
    ['a', 'completed', 'out'],
    ['b', 'completed', 'out'],
    ['c', 'skipped', null],
  ]);
  expect(view.nodes[1]).toEqual({
    path: 'b',
    id: 'b',
    type: 'pass',
    status: 'completed',
    attempt: 0,
    port: 'out',
    output: { a: 1 },
    error: null,
    startedAt: at(2),
    finishedAt: at(2),
  });
});

test('a task shows its attempts, the pause before the next, and times from the first start to the end', () => {
  const commands: Command[] = [{ type: 'task-failed', path: 'a', attempt: 1, error: flaky }];
  const nodes = [{ id: 'a', type: 'work' }];
  const pausing = play({ nodes }, commands);
  const view = executionView(pausing.row, pausing.plan, pausing.events);
  expect(view.nodes[0]).toMatchObject({
    status: 'waiting',
    attempt: 1,
    error: flaky,
    startedAt: at(2),
    finishedAt: null,
  });
  expect(view.waitingFor).toEqual([{ path: 'a', reason: 'retry', until: at(3.5) }]);
  const timer = pausing.events.find((event) => event.type === 'node.retrying')?.data.timerId ?? '';
  commands.push(
    { type: 'timer', timerId: timer },
    { type: 'task-completed', path: 'a', attempt: 2, result: { output: 7 } },
  );
  const done = play({ nodes }, commands);
  const after = executionView(done.row, done.plan, done.events);
  expect(after).toMatchObject({ status: 'completed', output: 7, waitingFor: [] });
  expect(after.nodes[0]).toMatchObject({ attempt: 2, error: null, output: 7, startedAt: at(2), finishedAt: at(5) });
});

test('what it waits for: timers and children', () => {
  const napping = play({
    nodes: [
      { id: 'a', type: 'nap' },
      { id: 'b', type: 'call' },
    ],
    edges: ['b -> a'],
  });
  const view = executionView(napping.row, napping.plan, napping.events);
  expect(view.waitingFor).toEqual([{ path: 'b', reason: 'child', executionId: 'id1' }]);
  expect(view.nodes.map((node) => node.status)).toEqual(['pending', 'waiting']);
  const timed = play({ nodes: [{ id: 'a', type: 'nap' }] });
  expect(executionView(timed.row, timed.plan, timed.events).waitingFor).toEqual([
    { path: 'a', reason: 'timer', until: at(62) },
  ]);
});

const looped = (items: unknown[], nodes: Definition['nodes'] = [{ id: 'in', type: 'work' }]) => ({
  nodes: [{ id: 'each', type: 'each', config: { items, body: { nodes, edges: [] } } }],
});

test('iterations follow their container with scoped paths, ended ones too, and progress counts those that ended', () => {
  const { row, plan, events } = play(looped(['x', 'y', 'z']), [
    { type: 'task-completed', path: 'each[0]/in', attempt: 1, result: { output: 'X' } },
  ]);
  const view = executionView(row, plan, events, { input: true });
  expect(view.nodes.map(({ path, status, output }) => [path, status, output])).toEqual([
    ['each', 'running', null],
    ['each[0]/in', 'completed', 'X'],
    ['each[1]/in', 'running', null],
  ]);
  expect(view.nodes[0]?.progress).toEqual({ done: 1, total: 3 });
  expect(view.nodes.map((node) => node.input)).toEqual([{ a: 1 }, 'x', 'y']);
});

test('a node cut off by canceling is canceled, and nothing is waited for', () => {
  const { row, plan, events } = play(looped(['x']), [{ type: 'cancel', reason: 'enough' }]);
  const view = executionView(row, plan, events);
  expect(view.status).toBe('canceled');
  expect(view.error).toEqual({ code: 'canceled', kind: 'permanent', message: 'enough' });
  expect(view.nodes.map((node) => node.status)).toEqual(['canceled', 'canceled']);
  expect(view.waitingFor).toEqual([]);
});

test('a failure stays with its node until a retry, which makes it pending and then runs it', () => {
  const failed = { type: 'task-failed', path: 'each[0]/in', attempt: 1, error: boom } as const;
  const before = play(looped(['x']), [failed]);
  const view = executionView(before.row, before.plan, before.events);
  expect(view.error).toMatchObject({ code: 'node_failed' });
  expect(view.nodes.map((node) => node.status)).toEqual(['failed', 'failed']);
  const after = play(looped(['x']), [failed, { type: 'retry', reason: 'again' }]);
  const running = executionView(after.row, after.plan, after.events);
  expect(running.nodes.map((node) => node.status)).toEqual(['running', 'running']);
  expect(running.nodes[1]).toMatchObject({ attempt: 2, finishedAt: null });
});

test('iterations are told by their status alone: one that failed is at work again after a retry, or called off', () => {
  const done = { type: 'task-completed', path: 'each[0]/in', attempt: 1, result: { output: 'X' } } as const;
  const failed = { type: 'task-failed', path: 'each[1]/in', attempt: 1, error: boom } as const;
  const scan = (...commands: Command[]) => {
    const { row, plan, events } = play(looped(['x', 'y', 'z']), commands);
    const found = new IterationScan(row, plan, 'each');
    for (const event of events) found.add(event);
    return (['running', 'completed', 'failed', 'canceled'] as const).map((status) => found.of(status));
  };
  expect(scan()).toEqual([[0], [], [], []]);
  expect(scan(done)).toEqual([[1], [0], [], []]);
  expect(scan(done, failed)).toEqual([[], [0], [1], []]);
  expect(scan(done, failed, { type: 'retry', reason: 'again' })).toEqual([[1], [0], [], []]);
  expect(scan(done, failed, { type: 'retry', reason: 'from the first', from: 'each' })).toEqual([[0], [], [], []]);
  expect(scan(done, { type: 'cancel', reason: 'enough' })).toEqual([[], [0], [], [1]]);
});

test('a huge history is cut: nodes of the graph stay, iterations after the limit go', () => {
  const body: Definition['nodes'] = [{ id: 'in', type: 'pass' }];
  const { row, plan, events } = play(
    looped(
      Array.from({ length: 50 }, (_, i) => i),
      body,
    ),
  );
  const view = executionView(row, plan, events, { maxNodes: 11 });
  expect(view.nodes).toHaveLength(11);
  expect(view.truncated).toBe(true);
  expect(view.nodes[0]?.progress).toEqual({ done: 50, total: 50 });
  expect(executionView(row, plan, events).nodes).toHaveLength(51);
});

test('without a plan, or with one that does not fit, the events alone are shown', () => {
  const { row, events } = play(looped(['x', 'y'], [{ id: 'in', type: 'pass' }]));
  const bare = executionView(row, undefined, events);
  expect(bare.output).toHaveLength(2);
  expect(bare.nodes.map(({ path, type, status }) => [path, type, status])).toEqual([
    ['each', 'unknown', 'completed'],
    ['each[0]/in', 'unknown', 'completed'],
    ['each[1]/in', 'unknown', 'completed'],
  ]);
  const other = compilePlan({ name: 'w', nodes: [{ id: 'q', type: 'pass' }] }, { workflowId: 'wf', version: 2 }, types);
  expect(executionView(row, other, events).nodes).toEqual(bare.nodes);
  expect(executionView(row, undefined, events, { maxNodes: 1 })).toMatchObject({ truncated: true });
});

test('it can be folded page by page', () => {
  const { row, plan, events } = play(looped(['x', 'y'], [{ id: 'in', type: 'pass' }]));
  const fold = new ExecutionFold(row, plan);
  for (const event of events) fold.add(event);
  expect(fold.view()).toEqual(executionView(row, plan, events));
});

test('a node tells of each attempt: when its turn came, how it ended, and when the next was due', () => {
  const commands: Command[] = [{ type: 'task-failed', path: 'each[0]/in', attempt: 1, error: flaky }];
  const pausing = play(looped(['x']), commands);
  const timer = pausing.events.find((event) => event.type === 'node.retrying')?.data.timerId ?? '';
  commands.push({ type: 'timer', timerId: timer });
  commands.push({ type: 'task-completed', path: 'each[0]/in', attempt: 2, result: { output: 7 } });
  const { row, plan, events } = play(looped(['x']), commands);
  const fold = new NodeFold(row, plan, 'each[0]/in');
  for (const event of events) fold.add(event);
  const first = { attempt: 1, scheduledAt: at(2), startedAt: at(2), finishedAt: at(3), error: flaky, retryAt: at(3.5) };
  const second = { attempt: 2, scheduledAt: at(4), startedAt: at(4), finishedAt: at(5), error: null, retryAt: null };
  expect(fold.view()).toMatchObject({ input: 'x', output: 7, status: 'completed', attempts: [first, second] });
  const bare = new NodeFold(row, undefined, 'each[0]/in');
  for (const event of events) bare.add(event);
  expect(bare.view()).toMatchObject({ type: 'unknown', attempts: [{ scheduledAt: null, startedAt: at(2) }, {}] });
});

test('a node tells what it waited for, and how long', () => {
  const { row, plan, events } = play({ nodes: [{ id: 'a', type: 'nap' }] }, [{ type: 'timer', timerId: 'id1' }]);
  const fold = new NodeFold(row, plan, 'a');
  for (const event of events) fold.add(event);
  expect(fold.view()?.waits).toEqual([{ reason: 'timer', until: at(62), startedAt: at(2), finishedAt: at(3) }]);
});

test('the past is told by the events, whatever the row says by now', () => {
  const failed = { type: 'task-failed', path: 'a', attempt: 1, error: boom } as const;
  const nodes = [{ id: 'a', type: 'work' }];
  const { row, plan, events } = play({ nodes }, [
    failed,
    { type: 'retry', reason: 'again' },
    { type: 'cancel', reason: 'enough' },
  ]);
  const past = (count: number, of: typeof plan | undefined = plan) => {
    const { status, error } = executionView(row, of, events.slice(0, count), { isPast: true });
    return [events[count - 1]?.type, status, error?.code];
  };
  expect(events.map((_, index) => past(index + 1))).toEqual([
    ['execution.created', 'pending', undefined],
    ['execution.started', 'running', undefined],
    ['node.started', 'running', undefined],
    ['node.failed', 'running', undefined],
    ['execution.failed', 'failed', 'node_failed'],
    ['execution.retried', 'pending', undefined],
    ['execution.started', 'running', undefined],
    ['node.started', 'running', undefined],
    ['execution.canceled', 'canceled', 'canceled'],
  ]);
  expect(past(5, undefined)).toEqual(['execution.failed', 'failed', 'node_failed']);
});

test('the log has one line for each event, with its level and place, and no payloads', () => {
  const failed = { type: 'task-failed', path: 'each[0]/in', attempt: 1, error: boom } as const;
  const { events } = play(looped(['secret payload']), [failed, { type: 'retry', reason: 'again' }]);
  const lines = events.map((event, index) => logLine({ ...event, seq: index + 1 }));
  expect(lines.map(({ level, path, message }) => [level, path, message])).toEqual([
    ['info', undefined, 'created by hook, on version 2'],
    ['info', undefined, 'started'],
    ['info', 'each', 'opened for 1 iteration'],
    ['info', 'each', 'iteration 0 started'],
    ['info', 'each[0]/in', 'started'],
    ['error', 'each[0]/in', 'failed: boom (node_failed)'],
    ['error', 'each', 'failed: boom (node_failed)'],
    ['error', 'each', 'failed: boom (node_failed)'],
    ['info', undefined, 'goes on from the nodes that failed: again'],
    ['info', undefined, 'started'],
    ['info', 'each[0]/in', 'attempt 2 started'],
  ]);
  expect(lines[5]).toMatchObject({ seq: 6, at: at(3) });
});
