import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import { type ExecutionState, hasEnded, replay } from './index.ts';

type Nodes = Definition['nodes'];
interface Shape {
  readonly nodes: Nodes;
  readonly edges: string[];
}

const EMPTY = { type: 'transform', config: {} };

/** A random acyclic graph: each node but the first has a node before it; edges leave by any port of their node. */
function graphOf(depth: number): fc.Arbitrary<Shape> {
  return fc
    .array(fc.tuple(nodeOf(depth), fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 3 })), {
      minLength: 1,
      maxLength: depth === 0 ? 7 : 3,
    })
    .map((drawn) => {
      const nodes = drawn.map(([node], index) => ({
        ...(index === 0 && node.type === 'fail' ? EMPTY : node),
        id: `n${index}`,
      }));
      const edges = new Set<string>();
      for (const [index, [, parents]] of drawn.entries()) {
        if (index === 0) continue;
        for (const [parent, port] of parents) {
          const from = nodes[parent % index]!;
          edges.add(edgeFrom(from.type === 'fail' ? nodes[0]! : from, port, `n${index}`));
        }
      }
      return { nodes, edges: [...edges] };
    });
}

function edgeFrom(node: Nodes[number], port: number, to: string): string {
  if (node.type === 'if') return `${node.id}:${port % 2 === 0} -> ${to}`;
  if (node.type === 'act' && node.onError === 'branch' && port % 3 === 0) return `${node.id}:error -> ${to}`;
  return `${node.id} -> ${to}`;
}

function nodeOf(depth: number): fc.Arbitrary<Omit<Nodes[number], 'id'>> {
  const join = fc.option(fc.constantFrom<'all' | 'any' | number>('all', 'any', 1, 2), { nil: undefined });
  const effect = fc.constantFrom('read', 'irreversible', 'reconcilable');
  const onError = fc.constantFrom('fail', 'continue', 'branch');
  const act = fc.record({ type: fc.constant('act'), config: fc.record({ effect }), onError, join });
  const simple = fc.constantFrom(
    { type: 'if', config: { condition: '{{ true }}' } },
    { type: 'if', config: { condition: '{{ false }}' } },
    { type: 'transform', config: { set: { a: '{{ $now.toMillis() }}' } } },
    { type: 'delay', config: { for: '5s' } },
    { type: 'fail', config: { message: 'on purpose' } },
    { type: 'workflow', config: { workflow: 'child' } },
  );
  const flat = fc.oneof({ weight: 3, arbitrary: act }, { weight: 2, arbitrary: simple });
  if (depth >= 2) return flat as fc.Arbitrary<Omit<Nodes[number], 'id'>>;
  const body = graphOf(depth + 1);
  const map = fc.record({
    type: fc.constant('map'),
    config: fc.record({
      items: fc.constant('{{ [1, 2, 3] }}'),
      limit: fc.integer({ min: 1, max: 3 }),
      onItemError: fc.constantFrom('fail', 'skip', 'collect'),
      body,
    }),
    onError,
  });
  const loop = fc.record({
    type: fc.constant('loop'),
    config: fc.record({ times: fc.integer({ min: 0, max: 3 }), body }),
  });
  const parallel = fc.record({
    type: fc.constant('parallel'),
    config: fc.record({ branches: fc.record({ a: body, b: body }) }),
  });
  return fc.oneof(
    { weight: 5, arbitrary: flat },
    { weight: 1, arbitrary: fc.oneof(map, loop, parallel) },
  ) as fc.Arbitrary<Omit<Nodes[number], 'id'>>;
}

/** What can be told apart of a state, without its references. */
function digest(state: ExecutionState) {
  const scopes = [...state.scopes.values()].map((scope) => ({
    prefix: scope.prefix,
    open: scope.open,
    ends: scope.ends,
    failed: scope.failed,
    nodes: scope.nodes.map(({ run, ...node }) => ({ ...node, run: run && { ...run, iteration: null } })),
  }));
  return {
    status: state.status,
    seq: state.seq,
    output: state.output,
    failure: state.failure,
    tasks: [...state.tasks.keys()].sort(),
    waits: [...state.waits.keys()].sort(),
    scopes: scopes.sort((a, b) => (a.prefix < b.prefix ? -1 : 1)),
  };
}

/** Answers whatever is open, in the order and with the results that the numbers choose. */
function live(run: Drive, choices: readonly number[]): void {
  let retries = 0;
  for (let at = 0; at < 2_000; at++) {
    const choice = choices[at % choices.length]! + at;
    if (run.status === 'failed' && retries < 2) {
      retries += 1;
      run.tell({ type: 'retry', reason: 'again' });
    }
    if (run.ended || run.open.length === 0) return;
    if (choice % 17 === 0) crash(run);
    else answer(run, run.open[choice % run.open.length]!, choice);
  }
}

function crash(run: Drive): void {
  run.open = run.open.filter((one) => one.kind !== 'task');
  run.tell({ type: 'recover' });
}

function answer(run: Drive, open: Drive['open'][number], choice: number): void {
  if (open.kind === 'task' && choice % 5 === 0) return run.fail(open.path, 'permanent');
  if (open.kind === 'task' && choice % 5 === 1) return run.fail(open.path, 'transient');
  if (open.kind === 'task') return run.complete(open.path, { choice });
  if (open.kind === 'arm') return run.fire();
  run.open = run.open.filter((one) => one !== open);
  const status = choice % 4 === 0 ? 'failed' : 'completed';
  run.tell({ type: 'child-ended', executionId: open.executionId, outcome: { status, output: choice } });
}

const cases = fc.tuple(graphOf(0), fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 40 }));

test('any order of results gives a legal history that comes to its end', () => {
  fc.assert(
    fc.property(cases, ([shape, choices]) => {
      const run = new Drive(shape);
      live(run, choices);
      expect(hasEnded(run.state.status)).toBe(true);
      expect(run.state.tasks.size).toBe(0);
    }),
    { numRuns: 400 },
  );
});

test('the fold of the history is the live state', () => {
  fc.assert(
    fc.property(cases, ([shape, choices]) => {
      const run = new Drive(shape);
      for (let step = 1; step <= 6 && !run.ended; step++) {
        live(run, choices.slice(0, step));
        expect(digest(replay('e', 'p', run.state.plan, run.history))).toEqual(digest(run.state));
      }
    }),
    { numRuns: 200 },
  );
});

test('a node that has finished never runs again', () => {
  fc.assert(
    fc.property(cases, ([shape, choices]) => {
      const run = new Drive(shape);
      live(run, choices);
      const finished = new Set<string>();
      for (const event of run.history) {
        const path = 'path' in event.data && typeof event.data.path === 'string' ? event.data.path : '';
        if (event.type === 'node.started' || event.type === 'node.waiting') expect(finished).not.toContain(path);
        if (event.type !== 'node.completed') continue;
        expect(finished).not.toContain(path);
        finished.add(path);
      }
    }),
    { numRuns: 300 },
  );
});

test('an execution can go on from any point of its history', () => {
  fc.assert(
    fc.property(cases, fc.nat(), ([shape, choices], cut) => {
      const run = new Drive(shape);
      live(run, choices);
      const upTo = run.history.slice(0, 1 + (cut % run.history.length));
      const state = replay('e', 'p', run.state.plan, upTo);
      expect(state.seq).toBe(upTo.length);
      expect(state.due).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('a join never waits for a dead branch: without failures every graph completes', () => {
  fc.assert(
    fc.property(graphOf(0), fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), (shape, order) => {
      const calm = { ...shape, nodes: shape.nodes.filter((node) => node.type !== 'fail') };
      fc.pre(calm.nodes.length === shape.nodes.length);
      const run = new Drive(calm);
      for (let at = 0; at < 2_000 && run.open.length > 0; at++) {
        const open = run.open[order[at % order.length]! % run.open.length]!;
        answer(run, open, 2);
      }
      if (!run.history.some((event) => event.type === 'node.failed')) expect(run.status).toBe('completed');
    }),
    { numRuns: 300 },
  );
});
