import { describe, expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import { decide, replay } from './index.ts';

type Nodes = Definition['nodes'];

const act = (id: string, compensate?: string): Nodes[number] =>
  compensate === undefined ? { id, type: 'act', config: {} } : { id, type: 'act', config: {}, compensate };

const GO: Nodes[number] = { id: 'go', type: 'transform', config: {} };

/** a, b and c one after the other; a and b can be undone. */
const CHAIN = {
  nodes: [act('a', 'undo-a'), act('b', 'undo-b'), act('c'), act('undo-a'), act('undo-b')],
  edges: ['a -> b', 'b -> c'],
};

/** Addresses of what was undone, in the order it began. */
const undone = (drive: Drive): string[] =>
  drive.history.flatMap((event) => (event.type === 'node.compensating' ? [event.data.of] : []));

const pick = (drive: Drive, type: string) => drive.history.find((event) => event.type === type);

/** What a crash and a new owner must find: the same state from the history. */
function expectReplayable(drive: Drive): void {
  const { state, history } = drive;
  const again = replay('e', 'p', state.plan, history);
  const shown = ({ status, undo, notUndone, failure, waits, tasks, paused, root }: typeof state) => ({
    status,
    undo: undo.map((ref) => ref.scope.prefix + ref.node.id),
    notUndone: notUndone.map((ref) => ref.scope.prefix + ref.node.id),
    failure,
    waits: [...waits.keys()],
    tasks: [...tasks.keys()],
    paused,
    nodes: root.nodes.map((node) => node.status),
  });
  expect(shown(again)).toEqual(shown(state));
}

describe('a failure', () => {
  test('undoes what was done, the last first, one after the other', () => {
    const drive = new Drive(CHAIN);
    drive.complete('a', { ref: 1 });
    drive.complete('b', { ref: 2 });
    drive.fail('c');
    expect(drive.status).toBe('compensating');
    expect(drive.open.map((one) => 'path' in one && one.path)).toEqual(['undo-b']);
    drive.complete('undo-b');
    drive.complete('undo-a');
    expect(drive.status).toBe('compensated');
    expect(undone(drive)).toEqual(['b', 'a']);
    expect(pick(drive, 'execution.compensated')?.data).toMatchObject({ error: { message: 'c failed' } });
    expectReplayable(drive);
  });

  test('before anything was done only fails', () => {
    const drive = new Drive(CHAIN);
    drive.fail('a');
    expect(drive.status).toBe('failed');
  });

  test('gives each compensation the output of what it undoes', () => {
    const drive = new Drive({
      nodes: [
        act('a', 'undo-a'),
        act('b'),
        { id: 'undo-a', type: 'transform', config: { set: { gone: '{{ $json.ref }}', why: '{{ $node.a.ref }}' } } },
      ],
      edges: ['a -> b'],
    });
    drive.complete('a', { ref: 7 });
    drive.fail('b');
    expect(drive.status).toBe('compensated');
    expect(drive.history.findLast((event) => event.type === 'node.completed')?.data).toMatchObject({
      path: 'undo-a',
      output: { ref: 7, gone: 7, why: 7 },
    });
  });

  test('lets tasks at work end, and undoes them too', () => {
    const drive = new Drive({
      nodes: [GO, act('a', 'undo-a'), act('b', 'undo-b'), act('undo-a'), act('undo-b')],
      edges: ['go -> a', 'go -> b'],
    });
    drive.fail('a');
    expect(drive.status).toBe('running');
    drive.complete('b');
    expect(drive.status).toBe('compensating');
    drive.complete('undo-b');
    expect(drive.status).toBe('compensated');
    expect(undone(drive)).toEqual(['b']);
  });

  test('in doubt undoes nothing until a person has said what happened', () => {
    const drive = new Drive({
      nodes: [act('a', 'undo-a'), { id: 'b', type: 'act', config: { effect: 'irreversible' } }, act('undo-a')],
      edges: ['a -> b'],
    });
    drive.complete('a');
    drive.tell({ type: 'recover' });
    expect(drive.status).toBe('failed');
    drive.tell({ type: 'cancel', reason: 'it did not happen', compensate: true });
    expect(drive.status).toBe('compensating');
    drive.complete('undo-a');
    expect(drive.status).toBe('compensated');
  });

  test('in doubt of a child is in doubt here, whatever its node would do with an error', () => {
    const child = { id: 'child', type: 'workflow', config: { workflow: 'other' }, onError: 'continue' as const };
    const drive = new Drive({ nodes: [act('a', 'undo-a'), child, act('undo-a')], edges: ['a -> child'] });
    drive.complete('a');
    const asked = drive.open.find((one) => one.kind === 'child');
    const error = { code: 'in_doubt', kind: 'permanent', message: 'pay: nobody knows' } as const;
    const executionId = asked?.kind === 'child' ? asked.executionId : '';
    drive.tell({ type: 'child-ended', executionId, outcome: { status: 'failed', error } });
    expect(drive.status).toBe('failed');
    expect(drive.state.failure?.error).toMatchObject({ code: 'in_doubt', data: { executionId } });
  });

  test('calls off what still waits, children with what they did', () => {
    const drive = new Drive({
      nodes: [
        act('a', 'undo-a'),
        act('b'),
        { id: 'child', type: 'workflow', config: { workflow: 'other' } },
        { id: 'pause', type: 'delay', config: { for: '1h' } },
        { id: 'ask', type: 'approval', config: { title: 'Go on?', timeout: '1d' } },
        act('undo-a'),
      ],
      edges: ['a -> b', 'a -> child', 'a -> pause', 'a -> ask'],
    });
    drive.complete('a');
    drive.fail('b');
    const off = drive.demands.map((demand) => demand.kind).filter((kind) => /^(disarm|close|cancel)/.test(kind));
    expect(off.sort()).toEqual(['cancel-child', 'close-wait', 'disarm', 'disarm']);
    expect(drive.demands.find((demand) => demand.kind === 'cancel-child')).toMatchObject({ compensate: true });
    drive.complete('undo-a');
    expectReplayable(drive);
  });
});

describe('a compensation', () => {
  test('is retried like any task, and its timer fires though the execution has failed', () => {
    const drive = new Drive(CHAIN);
    drive.complete('a');
    drive.fail('b');
    drive.fail('undo-a', 'transient');
    expect(drive.status).toBe('compensating');
    drive.fire();
    drive.complete('undo-a');
    expect(drive.status).toBe('compensated');
  });

  test('that fails does not stop the others; a retry takes up what is left', () => {
    const drive = new Drive(CHAIN);
    drive.complete('a');
    drive.complete('b');
    drive.fail('c');
    drive.fail('undo-b');
    drive.complete('undo-a');
    expect(drive.status).toBe('compensation_failed');
    expect(drive.state.failure?.error).toMatchObject({
      code: 'compensation_failed',
      message: 'What was done could not be undone: b',
      data: { cause: { message: 'c failed' }, failed: [{ path: 'b', error: { message: 'undo-b failed' } }] },
    });
    expectReplayable(drive);
    drive.tell({ type: 'retry', reason: 'mended' });
    expect(drive.status).toBe('compensating');
    drive.complete('undo-b');
    expect(drive.status).toBe('compensated');
    expect(undone(drive)).toEqual(['b', 'a', 'b']);
    expectReplayable(drive);
  });

  test('that fails may be skipped by hand', () => {
    const drive = new Drive(CHAIN);
    drive.complete('a');
    drive.fail('b');
    drive.fail('undo-a');
    drive.tell({ type: 'skip', path: 'undo-a', reason: 'undone by hand' });
    expect(drive.status).toBe('compensated');
    expectReplayable(drive);
  });

  test('is stopped by a cancel, and goes on from there after a retry', () => {
    const drive = new Drive(CHAIN);
    drive.complete('a');
    drive.complete('b');
    drive.fail('c');
    drive.tell({ type: 'cancel', reason: 'stop' });
    expect(drive.status).toBe('compensation_failed');
    expect(drive.demands).toContainEqual({ kind: 'abort', path: 'undo-b' });
    drive.open = [];
    drive.tell({ type: 'retry', reason: 'go on' });
    drive.complete('undo-b');
    drive.complete('undo-a');
    expect(drive.status).toBe('compensated');
  });

  test('may be a container; what it does is not undone', () => {
    const drive = new Drive({
      nodes: [
        act('a', 'undo-a'),
        act('b'),
        {
          id: 'undo-a',
          type: 'map',
          config: { items: '{{ [1, 2] }}', body: { nodes: [act('one', 'undo-one'), act('undo-one')] } },
        },
      ],
      edges: ['a -> b'],
    });
    drive.complete('a');
    drive.fail('b');
    drive.complete('undo-a[0]/one');
    drive.complete('undo-a[1]/one');
    expect(drive.status).toBe('compensated');
    expect(undone(drive)).toEqual(['a']);
  });
});

describe('inside of containers', () => {
  const EACH = {
    nodes: [
      {
        id: 'each',
        type: 'map',
        config: { items: '{{ [1, 2] }}', body: { nodes: [act('book', 'free'), act('free')] } },
      },
      act('after'),
    ] as Nodes,
    edges: ['each -> after'],
  };

  test('what finished iterations did is undone in reverse', () => {
    const drive = new Drive(EACH);
    drive.complete('each[1]/book');
    drive.complete('each[0]/book');
    drive.fail('after');
    drive.complete('each[0]/free');
    drive.complete('each[1]/free');
    expect(drive.status).toBe('compensated');
    expect(undone(drive)).toEqual(['each[0]/book', 'each[1]/book']);
    expectReplayable(drive);
  });

  test('a container with a compensation of its own answers for its inside', () => {
    const [each, after] = EACH.nodes as [Nodes[number], Nodes[number]];
    const drive = new Drive({
      nodes: [{ ...each, compensate: 'free-all' }, after, act('free-all')],
      edges: EACH.edges,
    });
    drive.complete('each[0]/book');
    drive.complete('each[1]/book');
    drive.fail('after');
    drive.complete('free-all');
    expect(drive.status).toBe('compensated');
    expect(undone(drive)).toEqual(['each']);
  });
});

describe('a saga', () => {
  const body = { nodes: CHAIN.nodes, edges: CHAIN.edges };
  const saga = (over: Partial<Nodes[number]> = {}) => ({ id: 'order', type: 'saga', config: { body }, ...over });

  test('that completes gives the result of its body, and is undone with the rest', () => {
    const drive = new Drive({ nodes: [saga(), act('after')], edges: ['order -> after'] });
    drive.complete('order[0]/a');
    drive.complete('order[0]/b');
    drive.complete('order[0]/c', { done: true });
    expect(drive.history.findLast((event) => event.type === 'node.completed')?.data).toMatchObject({
      path: 'order',
      output: { done: true },
    });
    drive.fail('after');
    drive.complete('order[0]/undo-b');
    drive.complete('order[0]/undo-a');
    expect(drive.status).toBe('compensated');
  });

  test('undoes its inside and leaves by error; the execution goes on', () => {
    const drive = new Drive({ nodes: [saga(), act('sorry')], edges: ['order:error -> sorry'] });
    drive.complete('order[0]/a');
    drive.complete('order[0]/b');
    drive.fail('order[0]/c');
    expect(drive.status).toBe('running');
    drive.complete('order[0]/undo-b');
    drive.complete('order[0]/undo-a');
    drive.complete('sorry');
    expect(drive.status).toBe('completed');
    expect(drive.types()).not.toContain('execution.compensating');
    expectReplayable(drive);
  });

  test('says by its error what could not be undone', () => {
    const drive = new Drive({ nodes: [saga(), act('sorry')], edges: ['order:error -> sorry'] });
    drive.complete('order[0]/a');
    drive.fail('order[0]/b');
    drive.fail('order[0]/undo-a');
    const failed = drive.history.findLast((event) => event.type === 'node.failed');
    expect(failed?.data).toMatchObject({ path: 'order', port: 'error', error: { code: 'compensation_failed' } });
  });

  test('waits for tasks at work inside before it undoes', () => {
    const two = { nodes: [GO, act('a'), act('b', 'undo-b'), act('undo-b')], edges: ['go -> a', 'go -> b'] };
    const drive = new Drive({ nodes: [saga({ config: { body: two } })], edges: [] });
    drive.fail('order[0]/a');
    expect(undone(drive)).toEqual([]);
    drive.complete('order[0]/b');
    expect(undone(drive)).toEqual(['order[0]/b']);
    drive.complete('order[0]/undo-b');
    expect(drive.status).toBe('failed');
  });

  test('goes on undoing where a new owner takes it over, and does not begin again', () => {
    const drive = new Drive({ nodes: [saga()], edges: [] });
    drive.complete('order[0]/a');
    drive.complete('order[0]/b');
    drive.fail('order[0]/c');
    const state = replay('e', 'p', drive.state.plan, drive.history);
    const events = decide(state, { type: 'recover' }, { now: 9_000_000, id: () => 'x', random: () => 0.5 });
    expect(events.map((event) => event.type)).toEqual(['node.retrying', 'node.started']);
    expect(state.unwinding.length).toBe(1);
  });

  test('that is being undone cannot be skipped, nor what is inside; its undoing can', () => {
    const drive = new Drive({ nodes: [saga(), act('after')], edges: ['order -> after'] });
    drive.complete('order[0]/a');
    drive.complete('order[0]/b');
    drive.fail('order[0]/c');
    const skip = (path: string) => drive.tell({ type: 'skip', path, reason: 'x' });
    expect(() => skip('order')).toThrow('cannot go on without order');
    expect(() => skip('order[0]/c')).toThrow('cannot go on without');
    skip('order[0]/undo-b');
    expect(undone(drive)).toEqual(['order[0]/b', 'order[0]/a']);
  });

  test('that was undone begins anew with a retry, in another round; one that was not goes on', () => {
    const drive = new Drive({ nodes: [saga()], edges: [] });
    drive.fail('order[0]/a');
    drive.tell({ type: 'retry', reason: 'again' });
    expect(drive.open).toMatchObject([{ path: 'order[0]/a', attempt: 2 }]);
    drive.complete('order[0]/a');
    drive.fail('order[0]/b');
    drive.complete('order[0]/undo-a');
    expect(drive.status).toBe('failed');
    drive.tell({ type: 'retry', reason: 'again' });
    expect(drive.open).toMatchObject([{ path: 'order[0]/a', attempt: 1 }]);
    expect(drive.state.scopes.get('order[0]/')?.nodes.map((node) => node.round)).toEqual([2, 2, 2, 2, 2]);
    expectReplayable(drive);
    drive.complete('order[0]/a');
    drive.complete('order[0]/b');
    drive.fail('order[0]/c');
    drive.complete('order[0]/undo-b');
    drive.complete('order[0]/undo-a');
    expect(drive.status).toBe('failed');
  });

  test('that was undone is retried as a whole, not from a node inside, nor without one', () => {
    const drive = new Drive({ nodes: [saga()], edges: [] });
    drive.complete('order[0]/a');
    drive.complete('order[0]/b');
    drive.fail('order[0]/c');
    drive.fail('order[0]/undo-b');
    drive.complete('order[0]/undo-a');
    expect(drive.status).toBe('failed');
    expect(() => drive.tell({ type: 'retry', reason: 'x', from: 'order[0]/b' })).toThrow('cannot');
    expect(() => drive.tell({ type: 'skip', path: 'order[0]/c', reason: 'x' })).toThrow('cannot');
    expect(() => drive.tell({ type: 'skip', path: 'order[0]/undo-b', reason: 'x' })).toThrow('cannot');
    drive.tell({ type: 'retry', reason: 'x', from: 'order' });
    expect(drive.open).toMatchObject([{ path: 'order[0]/a' }]);
    expectReplayable(drive);
  });

  test('has one undoing that failed taken for done where a person says so, while another goes on', () => {
    const drive = new Drive({ nodes: [saga(), act('sorry')], edges: ['order:error -> sorry'] });
    drive.complete('order[0]/a');
    drive.complete('order[0]/b');
    drive.fail('order[0]/c');
    drive.fail('order[0]/undo-b');
    drive.tell({ type: 'skip', path: 'order[0]/undo-b', reason: 'by hand' });
    drive.complete('order[0]/undo-a');
    const failed = drive.history.findLast((event) => event.type === 'node.failed');
    expect(failed?.data).toMatchObject({ path: 'order', port: 'error', error: { message: 'order[0]/c failed' } });
    expectReplayable(drive);
  });

  test('that begins anew in the middle of its undoing is not undone any more', () => {
    const pay = { id: 'pay', type: 'act', config: { effect: 'irreversible' } };
    const drive = new Drive({ nodes: [GO, saga(), pay], edges: ['go -> order', 'go -> pay'] });
    drive.complete('order[0]/a');
    drive.fail('order[0]/b');
    drive.open = [];
    drive.tell({ type: 'recover' });
    drive.fail('order[0]/undo-a');
    expect(drive.status).toBe('failed');
    drive.tell({ type: 'retry', reason: 'from the start', from: 'go' });
    expect(drive.state.unwinding).toEqual([]);
    expect(drive.open.flatMap((one) => (one.kind === 'task' ? [one.path] : [])).sort()).toEqual(['order[0]/a', 'pay']);
    expectReplayable(drive);
  });

  test('leaves its undoing to the execution that fails around it', () => {
    const drive = new Drive({ nodes: [GO, saga(), act('beside')], edges: ['go -> order', 'go -> beside'] });
    drive.complete('order[0]/a');
    drive.complete('order[0]/b');
    drive.fail('order[0]/c');
    drive.fail('beside');
    expect(drive.status).toBe('running');
    drive.fail('order[0]/undo-b', 'transient');
    expect(drive.status).toBe('compensating');
    drive.complete('order[0]/undo-b');
    drive.complete('order[0]/undo-a');
    expect(drive.status).toBe('compensated');
  });

  test('of nothing to undo fails like any container', () => {
    const one = { nodes: [{ id: 'x', type: 'fail', config: { message: 'no' } }] };
    const drive = new Drive({ nodes: [saga({ config: { body: one } })], edges: [] });
    expect(drive.status).toBe('failed');
    expect(drive.types()).not.toContain('saga.compensating');
  });
});

describe('something in doubt inside', () => {
  const risky: Nodes[number] = { id: 'pay', type: 'act', config: { effect: 'irreversible' } };
  const inside = [act('hold', 'free'), risky, act('free')];
  const saga = (nodes: Nodes, edges: string[]): Nodes[number] => ({
    id: 'order',
    type: 'saga',
    onError: 'continue',
    config: { body: { nodes, edges } },
  });

  test('of a saga undoes nothing and is handled by nothing until a person has said what happened', () => {
    const drive = new Drive({ nodes: [saga(inside, ['hold -> pay']), act('after')], edges: ['order -> after'] });
    drive.complete('order[0]/hold');
    drive.tell({ type: 'recover' });
    expect([drive.status, undone(drive)]).toEqual(['failed', []]);
    expectReplayable(drive);
    drive.open = [];
    drive.tell({ type: 'retry', reason: 'it did not happen', resolves: 'order[0]/pay' });
    drive.fail('order[0]/pay');
    drive.complete('order[0]/free');
    drive.complete('after');
    expect(drive.status).toBe('completed');
  });

  test('stops a saga that was about to be undone', () => {
    const nodes = [...inside, act('other')];
    const drive = new Drive({ nodes: [saga(nodes, ['hold -> pay', 'hold -> other'])] });
    drive.complete('order[0]/hold');
    drive.fail('order[0]/other');
    drive.tell({ type: 'recover' });
    expect([drive.status, undone(drive)]).toEqual(['failed', []]);
    expectReplayable(drive);
  });

  test('is not passed over with its iteration', () => {
    const body = { nodes: [risky] };
    const each: Nodes[number] = { id: 'each', type: 'map', config: { items: [1], onItemError: 'skip', body } };
    const drive = new Drive({ nodes: [each, act('after')], edges: ['each -> after'] });
    drive.tell({ type: 'recover' });
    expect(drive.status).toBe('failed');
    drive.tell({ type: 'skip', path: 'each[0]/pay', reason: 'it happened' });
    drive.complete('after');
    expect(drive.status).toBe('completed');
  });
});

describe('a cancel that undoes', () => {
  test('aborts what is at work, undoes what was done, and ends compensated', () => {
    const drive = new Drive(CHAIN);
    drive.complete('a');
    drive.tell({ type: 'cancel', reason: 'no longer wanted', compensate: true });
    expect(drive.demands).toContainEqual({ kind: 'abort', path: 'b' });
    drive.fail('b');
    drive.complete('undo-a');
    expect(drive.status).toBe('compensated');
  });

  test('lets nobody skip what is not undoing', () => {
    const each = { id: 'each', type: 'parallel', config: { branches: { one: CHAIN } } };
    const drive = new Drive({ nodes: [GO, each, act('beside')], edges: ['go -> each', 'go -> beside'] });
    drive.complete('each[one]/a');
    drive.fail('beside');
    drive.fail('each[one]/b');
    expect(drive.status).toBe('compensating');
    expect(() => drive.tell({ type: 'skip', path: 'each', reason: 'x' })).toThrow('cannot go on without each');
    drive.complete('each[one]/undo-a');
    expect(drive.status).toBe('compensated');
  });

  test('lets an irreversible task come to its own end, so that it is undone too', () => {
    const pay = { id: 'pay', type: 'act', config: { effect: 'irreversible' }, compensate: 'refund' };
    const drive = new Drive({ nodes: [GO, pay, act('other'), act('refund')], edges: ['go -> pay', 'go -> other'] });
    drive.tell({ type: 'cancel', reason: 'no longer wanted', compensate: true });
    const aborted = drive.demands.flatMap((demand) => (demand.kind === 'abort' ? [demand.path] : []));
    expect(aborted).toEqual(['other']);
    drive.fail('other');
    drive.complete('pay');
    drive.complete('refund');
    expect(drive.status).toBe('compensated');
  });

  test('of nothing that can be undone only cancels', () => {
    const drive = new Drive(CHAIN);
    drive.tell({ type: 'cancel', reason: 'no longer wanted', compensate: true });
    drive.fail('a');
    expect(drive.status).toBe('canceled');
    expect(pick(drive, 'execution.canceled')?.data).toEqual({ reason: 'no longer wanted' });
  });

  test('of one that only waits cancels at once', () => {
    const drive = new Drive({ nodes: [{ id: 'ask', type: 'approval', config: { title: 'Go?' } }] });
    drive.tell({ type: 'cancel', reason: 'no', compensate: true });
    expect(drive.status).toBe('canceled');
  });
});
