import { describe, expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import type { Command } from './command.ts';
import { decide, hasMore, newState, replay, taskInput } from './index.ts';

type Nodes = Definition['nodes'];
const act = (id: string, over: Partial<Nodes[number]> = {}): Nodes[number] => ({
  id,
  type: 'act',
  config: {},
  ...over,
});

const CHAIN = { nodes: [act('a'), act('b'), act('c')], edges: ['a -> b', 'b -> c'] };
const tasks = (drive: Drive) => drive.open.flatMap((one) => (one.kind === 'task' ? [one.path] : []));
const refuses = (drive: Drive, command: Command) => expect(() => drive.tell(command)).toThrow('cannot');

function expectReplayable({ state, history }: Drive): void {
  const again = replay('e', 'p', state.plan, history);
  const shown = ({ status, root, waits, tasks: at }: typeof state) => ({
    status,
    nodes: root.nodes.map(({ status: is, settled, sources, round }) => ({ is, settled, sources, round })),
    open: root.open,
    waits: [...waits.keys()],
    tasks: [...at.keys()],
  });
  expect(shown(again)).toEqual(shown(state));
}

test('what is refused says why', () => {
  const drive = new Drive(CHAIN);
  const refusal = (command: Command) => expect(() => drive.tell(command));
  refusal({ type: 'retry', reason: 'r' }).toThrow(
    'The execution is running; it cannot be retried, for it has not failed.',
  );
  drive.tell({ type: 'pause', reason: 'wait' });
  refusal({ type: 'pause', reason: 'wait' }).toThrow('it cannot be paused, for it is paused already.');
  drive.tell({ type: 'cancel', reason: 'enough' });
  refusal({ type: 'cancel', reason: 'enough' }).toThrow('The execution is canceled; it cannot be canceled.');
  refusal({ type: 'skip', path: 'a', reason: 'r' }).toThrow('it cannot go on without a, for it has not failed.');
});

describe('pause', () => {
  test('lets the task at work end and starts nothing; resume goes on', () => {
    const drive = new Drive(CHAIN);
    drive.tell({ type: 'pause', reason: 'wait' });
    expect(drive.status).toBe('running');
    drive.complete('a');
    expect(drive.status).toBe('waiting');
    expect(tasks(drive)).toEqual([]);
    expect(hasMore(drive.state)).toBe(false);
    drive.tell({ type: 'resume', reason: 'go' });
    expect(tasks(drive)).toEqual(['b']);
    expect(drive.status).toBe('running');
  });

  test('takes in timers and does not act on them', () => {
    const drive = new Drive({
      nodes: [{ id: 'd', type: 'delay', config: { for: '1s' } }, act('b')],
      edges: ['d -> b'],
    });
    drive.tell({ type: 'pause', reason: 'wait' });
    drive.fire();
    expect(drive.status).toBe('waiting');
    expect(tasks(drive)).toEqual([]);
    drive.tell({ type: 'resume', reason: 'go' });
    expect(tasks(drive)).toEqual(['b']);
  });

  test('is over with a cancel', () => {
    const drive = new Drive(CHAIN);
    drive.tell({ type: 'pause', reason: 'wait' });
    drive.tell({ type: 'cancel', reason: 'no' });
    refuses(drive, { type: 'resume', reason: 'go' });
  });

  test('ends with the time limit of the execution', () => {
    const drive = new Drive({ ...CHAIN, settings: { timeout: '1m' } });
    drive.tell({ type: 'pause', reason: 'wait' });
    drive.complete('a');
    drive.fire();
    expect(drive.status).toBe('failed');
  });

  test('is refused while it fails', () => {
    const drive = new Drive({ nodes: [act('go'), act('a'), act('b')], edges: ['go -> a', 'go -> b'] });
    drive.complete('go');
    drive.fail('a');
    refuses(drive, { type: 'pause', reason: 'wait' });
  });

  test('holds one that has not begun', () => {
    const drive = new Drive(CHAIN);
    const state = newState('e2', 'p', drive.state.plan);
    const env = { now: 1, id: () => 'x', random: () => 0 };
    decide(state, { type: 'create', triggerId: 'manual', trigger: {} }, env);
    decide(state, { type: 'pause', reason: 'wait' }, env);
    expect([state.status, state.tasks.size, hasMore(state)]).toEqual(['waiting', 0, false]);
  });

  test('is refused where nothing can be held, resume where nothing is', () => {
    const drive = new Drive(CHAIN);
    refuses(drive, { type: 'resume', reason: 'go' });
    drive.tell({ type: 'pause', reason: 'wait' });
    refuses(drive, { type: 'pause', reason: 'wait' });
    drive.tell({ type: 'cancel', reason: 'no' });
    refuses(drive, { type: 'pause', reason: 'wait' });
  });
});

describe('skip', () => {
  test('of a failed node lets the execution go on with the output given', () => {
    const drive = new Drive(CHAIN);
    drive.complete('a');
    drive.fail('b');
    drive.tell({ type: 'skip', path: 'b', output: { by: 'hand' }, reason: 'done elsewhere' });
    expect(tasks(drive)).toEqual(['c']);
    expectReplayable(drive);
    drive.complete('c');
    expect(drive.status).toBe('completed');
  });

  test('of a task at work aborts it; its result comes too late', () => {
    const drive = new Drive(CHAIN);
    drive.tell({ type: 'skip', path: 'a', reason: 'hangs' });
    expect(drive.demands).toContainEqual({ kind: 'abort', path: 'a' });
    drive.tell({ type: 'task-completed', path: 'a', attempt: 1, result: { output: 'late' } });
    expect(tasks(drive)).toContain('b');
    expect(drive.history.filter((event) => event.type === 'node.completed')).toEqual([]);
  });

  test('calls off nothing beside it, whatever its address begins with', () => {
    const nap = { id: 'nap', type: 'delay', config: { for: '1h' } };
    const drive = new Drive({
      nodes: [act('go'), act('a'), act('ab'), nap],
      edges: ['go -> a', 'go -> ab', 'go -> nap'],
    });
    drive.complete('go');
    drive.tell({ type: 'skip', path: 'a', reason: 'hangs' });
    expect(drive.demands.filter((demand) => demand.kind === 'abort' || demand.kind === 'disarm')).toEqual([
      { kind: 'abort', path: 'a' },
    ]);
    expectReplayable(drive);
  });

  test('of a node that waits disarms its timer', () => {
    const drive = new Drive({
      nodes: [{ id: 'd', type: 'delay', config: { for: '1s' } }, act('b')],
      edges: ['d -> b'],
    });
    drive.tell({ type: 'skip', path: 'd', reason: 'no time' });
    expect(drive.open.map((one) => one.kind)).toEqual(['task']);
    expectReplayable(drive);
  });

  test('of a container calls off what is inside', () => {
    const each = { id: 'each', type: 'map', config: { items: '{{ [1, 2] }}', body: { nodes: [act('one')] } } };
    const drive = new Drive({ nodes: [each, act('b')], edges: ['each -> b'] });
    drive.tell({ type: 'skip', path: 'each', output: [], reason: 'no need' });
    const aborted = drive.demands.flatMap((demand) => (demand.kind === 'abort' ? [demand.path] : []));
    expect(aborted).toEqual(['each[0]/one', 'each[1]/one']);
    expect(tasks(drive)).toContain('b');
    expectReplayable(drive);
  });

  test('of a container leaves what was done inside to be undone', () => {
    const inside = [act('one', { compensate: 'undo' }), act('two'), act('undo')];
    const each = { id: 'each', type: 'map', config: { items: [7], body: { nodes: inside, edges: ['one -> two'] } } };
    const drive = new Drive({ nodes: [each, act('b')], edges: ['each -> b'] });
    drive.complete('each[0]/one');
    drive.tell({ type: 'skip', path: 'each', output: [], reason: 'no need' });
    expectReplayable(drive);
    drive.fail('b');
    expect(taskInput(drive.state, 'each[0]/undo', () => '').env.$item).toBe(7);
    drive.complete('each[0]/undo');
    expect(drive.status).toBe('compensated');
  });

  test('leaves by the port that is named', () => {
    const drive = new Drive({
      nodes: [{ id: 'ask', type: 'approval', config: { title: 'Go?' } }, act('yes'), act('no')],
      edges: ['ask:approved -> yes', 'ask:rejected -> no'],
    });
    const unknown = { type: 'skip', path: 'ask', port: 'reject', reason: 'nobody there' } as const;
    expect(() => drive.tell(unknown)).toThrow('leave ask by reject: its ports are approved, rejected, expired');
    drive.tell({ type: 'skip', path: 'ask', port: 'rejected', reason: 'nobody there' });
    expect(tasks(drive)).toEqual(['no']);
    expect(drive.demands).toContainEqual(expect.objectContaining({ kind: 'close-wait', expired: false }));
  });

  test('leaves by the port of errors too', () => {
    const drive = new Drive({ nodes: [act('a'), act('sorry')], edges: ['a:error -> sorry'] });
    drive.tell({ type: 'skip', path: 'a', port: 'error', reason: 'it will fail' });
    expect(tasks(drive)).toContain('sorry');
  });

  test('is refused for what has ended, is not there, or lies in what is over', () => {
    const each = { id: 'each', type: 'map', config: { items: '{{ [1] }}', body: { nodes: [act('one')] } } };
    const drive = new Drive({ nodes: [each, act('b')], edges: ['each -> b'] });
    refuses(drive, { type: 'skip', path: 'nowhere', reason: 'x' });
    refuses(drive, { type: 'skip', path: 'b', reason: 'x' });
    drive.tell({ type: 'skip', path: 'each', reason: 'x' });
    refuses(drive, { type: 'skip', path: 'each', reason: 'x' });
    refuses(drive, { type: 'skip', path: 'each[0]/one', reason: 'x' });
  });
});

describe('of two nodes in doubt', () => {
  const risky = (id: string) => act(id, { config: { effect: 'irreversible' } });
  const inDoubt = (nodes: Nodes, edges: string[]) => {
    const drive = new Drive({ nodes, edges });
    drive.complete('go');
    drive.tell({ type: 'recover' });
    drive.open = [];
    return drive;
  };
  const pair = () => inDoubt([act('go'), risky('a'), risky('b'), act('c')], ['go -> a', 'go -> b', 'a -> c', 'b -> c']);

  test('one that is skipped does not run the other again', () => {
    const drive = pair();
    drive.tell({ type: 'skip', path: 'a', reason: 'it happened' });
    expect(tasks(drive)).toEqual([]);
    expect(drive.state.failure).toMatchObject({ path: 'b', error: { code: 'in_doubt' } });
    expectReplayable(drive);
    drive.tell({ type: 'retry', reason: 'it did not', resolves: 'b' });
    expect(tasks(drive)).toEqual(['b']);
    drive.complete('b');
    drive.complete('c');
    expect(drive.status).toBe('completed');
  });

  test('one that did not happen runs when the other is resolved too', () => {
    const drive = pair();
    drive.tell({ type: 'retry', reason: 'it did not', resolves: 'a' });
    expect([drive.status, tasks(drive)]).toEqual(['failed', []]);
    expectReplayable(drive);
    drive.tell({ type: 'skip', path: 'b', reason: 'it happened' });
    expect(tasks(drive)).toEqual(['a']);
    drive.complete('a');
    drive.complete('c');
    expect(drive.status).toBe('completed');
  });

  test('the same is true inside of a container', () => {
    const each = { id: 'each', type: 'map', config: { items: [1, 2], body: { nodes: [risky('one')] } } };
    const drive = inDoubt([act('go'), each], ['go -> each']);
    drive.tell({ type: 'skip', path: 'each[0]/one', reason: 'it happened' });
    expect([drive.status, tasks(drive)]).toEqual(['failed', []]);
    expectReplayable(drive);
    drive.tell({ type: 'retry', reason: 'it did not', resolves: 'each[1]/one' });
    expect(tasks(drive)).toEqual(['each[1]/one']);
    drive.complete('each[1]/one');
    expect(drive.status).toBe('completed');
  });

  test('a retry of the whole runs both', () => {
    const drive = pair();
    drive.tell({ type: 'retry', reason: 'neither did' });
    expect(tasks(drive).sort()).toEqual(['a', 'b']);
  });
});

describe('retry from a node', () => {
  test('runs it and all after it again, and keeps what came before', () => {
    const drive = new Drive(CHAIN);
    drive.complete('a', 1);
    drive.complete('b', 2);
    drive.fail('c');
    drive.tell({ type: 'retry', reason: 'b was wrong', from: 'b' });
    expect(tasks(drive)).toEqual(['b']);
    expect(drive.open[0]).toMatchObject({ path: 'b', attempt: 2 });
    const [a, b, c] = drive.state.root.nodes;
    expect([a?.round, b?.round, c?.round]).toEqual([1, 2, 1]);
    expectReplayable(drive);
    drive.complete('b');
    drive.complete('c');
    expect(drive.status).toBe('completed');
    expectReplayable(drive);
  });

  test('gives what had finished inside of a container another round each time', () => {
    const each = {
      id: 'each',
      type: 'map',
      config: { items: '{{ [1] }}', body: { nodes: [act('a'), act('b')], edges: ['a -> b'] } },
    };
    const drive = new Drive({ nodes: [each] });
    const rounds = () => drive.state.scopes.get('each[0]/')?.nodes.map((node) => node.round);
    for (const [from, expected] of [
      ['each[0]/a', [2, 1]],
      ['each', [3, 3]],
      ['each', [4, 4]],
    ] as const) {
      drive.complete('each[0]/a');
      drive.fail('each[0]/b');
      drive.tell({ type: 'retry', reason: 'again', from });
      expect(rounds()).toEqual(expected);
      expectReplayable(drive);
    }
  });

  test('gives joins after it what the kept branches delivered', () => {
    const drive = new Drive({
      nodes: [act('a'), act('left'), act('right'), act('both'), act('first', { join: 'any' }), act('end')],
      edges: [
        'a -> left',
        'a -> right',
        'left -> both',
        'right -> both',
        'left -> first',
        'right -> first',
        'both -> end',
      ],
    });
    drive.complete('a');
    drive.complete('left', 'L');
    drive.complete('first');
    drive.complete('right', 'R');
    drive.complete('both');
    drive.fail('end');
    drive.tell({ type: 'retry', reason: 'again', from: 'right' });
    expect(tasks(drive).sort()).toEqual(['first', 'right']);
    expectReplayable(drive);
    drive.complete('first');
    drive.complete('right');
    drive.complete('both');
    drive.complete('end');
    expect(drive.status).toBe('completed');
  });

  test('keeps what failed and was handled, and what was skipped', () => {
    const drive = new Drive({
      nodes: [act('a'), act('bad'), act('no'), act('join'), act('end')],
      edges: ['a -> bad', 'bad:error -> join', 'bad -> no', 'no -> join', 'join -> end'],
    });
    drive.complete('a');
    drive.fail('bad');
    drive.complete('join');
    drive.fail('end');
    drive.tell({ type: 'retry', reason: 'again', from: 'join' });
    expect(tasks(drive)).toEqual(['join']);
    drive.complete('join');
    drive.complete('end');
    expect(drive.status).toBe('completed');
    expectReplayable(drive);
  });

  test('leaves beside it what failed with it, which runs again too', () => {
    const drive = new Drive({ nodes: [act('a'), act('b'), act('c')], edges: ['a -> b', 'a -> c'] });
    drive.complete('a');
    drive.fail('b');
    drive.fail('c');
    drive.tell({ type: 'retry', reason: 'again', from: 'b' });
    expect(tasks(drive).sort()).toEqual(['b', 'c']);
    expectReplayable(drive);
  });

  test('tells again of branches that were not taken', () => {
    const drive = new Drive({
      nodes: [
        act('a'),
        { id: 'if', type: 'if', config: { condition: '{{ true }}' } },
        act('no'),
        act('yes'),
        act('end'),
        act('last'),
      ],
      edges: ['a -> if', 'if:true -> yes', 'if:false -> no', 'yes -> end', 'no -> end', 'end -> last'],
    });
    drive.complete('a');
    drive.complete('yes');
    drive.complete('end');
    drive.fail('last');
    drive.tell({ type: 'retry', reason: 'again', from: 'end' });
    drive.complete('end');
    drive.complete('last');
    expect(drive.status).toBe('completed');
    expectReplayable(drive);
  });

  test('calls off what it takes back, with what was inside of containers', () => {
    const each = {
      id: 'each',
      type: 'map',
      config: { items: '{{ [1, 2] }}', body: { nodes: [act('one', { compensate: 'undo' }), act('undo')] } },
    };
    const drive = new Drive({
      nodes: [act('a'), { id: 'child', type: 'workflow', config: { workflow: 'x' } }, act('bad'), each],
      edges: ['a -> each', 'each -> child', 'a -> bad'],
    });
    drive.complete('a');
    drive.tell({
      type: 'task-failed',
      path: 'each[0]/one',
      attempt: 1,
      error: { code: 'node_failed', kind: 'permanent', message: 'x' },
    });
    drive.complete('each[1]/one');
    drive.fail('bad');
    drive.open = [];
    expect(drive.status).toBe('compensating');
  });

  test('of a node inside goes through the container that failed with it', () => {
    const body = { nodes: [act('one'), act('two')], edges: ['one -> two'] };
    const drive = new Drive({ nodes: [{ id: 'each', type: 'map', config: { items: '{{ [1] }}', body } }] });
    drive.complete('each[0]/one');
    drive.fail('each[0]/two');
    drive.tell({ type: 'retry', reason: 'again', from: 'each[0]/one' });
    expect(tasks(drive)).toEqual(['each[0]/one']);
    drive.complete('each[0]/one');
    drive.complete('each[0]/two');
    expect(drive.status).toBe('completed');
  });

  test('of a whole container begins it anew', () => {
    const body = { nodes: [act('one', { compensate: 'undo' }), act('undo')], edges: [] };
    const each = { id: 'each', type: 'map', config: { items: '{{ [1, 2] }}', limit: 1, body } };
    const drive = new Drive({
      nodes: [each, { id: 'doubt', type: 'act', config: { effect: 'irreversible' } }],
      edges: ['each -> doubt'],
    });
    drive.complete('each[0]/one');
    drive.complete('each[1]/one');
    drive.tell({ type: 'recover' });
    expect(drive.status).toBe('failed');
    drive.open = [];
    drive.tell({ type: 'retry', reason: 'again', from: 'each' });
    expect(tasks(drive)).toEqual(['each[0]/one']);
    expect(drive.state.undo).toEqual([]);
    expectReplayable(drive);
  });

  test('is refused where it has not run, is a compensation, or lies in what is over', () => {
    const drive = new Drive({
      nodes: [act('a'), act('b', { compensate: 'undo-b' }), act('undo-b')],
      edges: ['a -> b'],
    });
    refuses(drive, { type: 'retry', reason: 'x', from: 'a' });
    drive.fail('a');
    for (const from of ['b', 'undo-b', 'nowhere']) refuses(drive, { type: 'retry', reason: 'x', from });
    const each = {
      id: 'each',
      type: 'map',
      config: { items: '{{ [1] }}', onItemError: 'collect', body: { nodes: [act('one')] } },
    };
    const over = new Drive({ nodes: [each, act('b')], edges: ['each -> b'] });
    over.fail('each[0]/one');
    over.fail('b');
    refuses(over, { type: 'retry', reason: 'x', from: 'each[0]/one' });
  });
});
