/** What a dead letter tells of an execution: how it failed, and whether a rule may try it again. */
import { describe, expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import type { ErrorCode } from '../errors.ts';
import { MyelinError } from '../errors.ts';
import { DEEPEST, failureOf, letterAlert, messageAlert } from './index.ts';

type Nodes = Definition['nodes'];

const act = (id: string, over: Partial<Nodes[number]> = {}): Nodes[number] => ({
  id,
  type: 'act',
  config: {},
  ...over,
});
const ONCE = { retry: { attempts: 1 } };
const IRREVERSIBLE = { config: { effect: 'irreversible' } };

/** a and b side by side. */
const fork = (b: Partial<Nodes[number]>) => ({
  nodes: [{ id: 'go', type: 'transform', config: {} }, act('a', ONCE), act('b', b)],
  edges: ['go -> a', 'go -> b'],
});

function failWith(run: Drive, path: string, code: ErrorCode): void {
  const task = run.open.find((one) => one.kind === 'task' && one.path === path);
  if (task?.kind !== 'task') throw new Error(`no task at ${path}`);
  run.open = run.open.filter((one) => one !== task);
  run.tell({ type: 'task-failed', path, attempt: task.attempt, error: new MyelinError(code).toInfo() });
}

describe('a final failure', () => {
  test('is there only once the execution has failed for good', () => {
    const run = new Drive(fork(ONCE));
    expect(failureOf(run.state)).toBeUndefined();
    failWith(run, 'a', 'timeout');
    expect(failureOf(run.state)).toBeUndefined();
    failWith(run, 'b', 'timeout');
    expect(failureOf(run.state)).toMatchObject({ path: 'a', attempts: 1, automatic: true, error: { code: 'timeout' } });
    run.tell({ type: 'retry', reason: '' });
    expect(failureOf(run.state)).toBeUndefined();
  });

  test('counts the attempts of all rounds', () => {
    const run = new Drive({ nodes: [act('a', { retry: { attempts: 2, delay: '1s' } })] });
    failWith(run, 'a', 'timeout');
    run.fire();
    failWith(run, 'a', 'timeout');
    expect(failureOf(run.state)).toMatchObject({ attempts: 2 });
  });

  test('of the time limit has no node', () => {
    const run = new Drive({
      settings: { timeout: '1s' },
      nodes: [{ id: 'wait', type: 'delay', config: { for: '1h' } }],
    });
    run.tell({ type: 'timer', timerId: run.state.deadline ?? '' });
    expect(failureOf(run.state)).toMatchObject({
      path: null,
      attempts: 0,
      automatic: true,
      error: { code: 'timeout' },
    });
  });

  test('of a compensation names the node that should have undone', () => {
    const nodes = [act('a', { compensate: 'undo' }), act('b', ONCE), act('undo', ONCE)];
    const run = new Drive({ nodes, edges: ['a -> b'] });
    run.complete('a');
    failWith(run, 'b', 'code_failed');
    failWith(run, 'undo', 'timeout');
    expect(run.status).toBe('compensation_failed');
    expect(failureOf(run.state)).toMatchObject({
      path: 'undo',
      attempts: 1,
      automatic: true,
      error: { code: 'compensation_failed' },
    });
  });

  test('of a compensation that a person stopped keeps the place of the cause', () => {
    const nodes = [act('a', { compensate: 'undo' }), act('b', ONCE), act('undo', ONCE)];
    const run = new Drive({ nodes, edges: ['a -> b'] });
    run.complete('a');
    failWith(run, 'b', 'code_failed');
    run.tell({ type: 'cancel', reason: 'enough' });
    expect(run.status).toBe('compensation_failed');
    expect(failureOf(run.state)).toMatchObject({ path: expect.any(String) });
  });

  test('that was undone is none', () => {
    const run = new Drive({
      nodes: [act('a', { compensate: 'undo' }), act('b', ONCE), act('undo')],
      edges: ['a -> b'],
    });
    run.complete('a');
    failWith(run, 'b', 'code_failed');
    run.complete('undo');
    expect(run.status).toBe('compensated');
    expect(failureOf(run.state)).toBeUndefined();
  });
});

describe('a rule may retry', () => {
  const automatic = (nodes: Nodes, code: ErrorCode) => {
    const run = new Drive({ nodes });
    failWith(run, 'a', code);
    return failureOf(run.state)?.automatic;
  };

  test('an irreversible effect only where it cannot have happened', () => {
    const once = [act('a', IRREVERSIBLE)];
    for (const code of ['timeout', 'connection_failed', 'http_server_error', 'node_failed'] as const) {
      expect([code, automatic(once, code)]).toEqual([code, false]);
    }
    for (const code of ['http_rate_limited', 'secret_missing', 'config_invalid'] as const) {
      expect([code, automatic(once, code)]).toEqual([code, true]);
    }
  });

  test('an irreversible effect whose author lets it be tried again', () => {
    const run = new Drive({ nodes: [act('a', { ...IRREVERSIBLE, retry: { attempts: 2, delay: '1s' } })] });
    failWith(run, 'a', 'timeout');
    run.fire();
    failWith(run, 'a', 'timeout');
    expect(failureOf(run.state)?.automatic).toBe(true);
  });

  test('nothing where another branch is in doubt', () => {
    const run = new Drive(fork(IRREVERSIBLE));
    failWith(run, 'a', 'timeout');
    run.tell({ type: 'recover' });
    expect(failureOf(run.state)).toMatchObject({ path: 'a', error: { code: 'timeout' }, automatic: false });
  });

  test('what a handled failure does not run again', () => {
    const run = new Drive(fork({ ...IRREVERSIBLE, onError: 'continue' }));
    failWith(run, 'b', 'timeout');
    failWith(run, 'a', 'timeout');
    expect(failureOf(run.state)).toMatchObject({ path: 'a', automatic: true });
  });

  test('nothing where an iteration is in doubt', () => {
    const body = { nodes: [act('b', IRREVERSIBLE)] };
    const run = new Drive({ nodes: [{ id: 'each', type: 'map', config: { items: [1], body } }] });
    failWith(run, 'each[0]/b', 'timeout');
    expect(failureOf(run.state)).toMatchObject({ automatic: false, error: { code: 'timeout' } });
  });
});

describe('the message of a letter', () => {
  const letter = {
    id: 'e',
    executionId: 'e',
    workflowId: 'w',
    path: 'a',
    attempts: 1,
    category: 'timeout',
    action: 'wait',
    fingerprint: 'timeout a: slow',
    error: { code: 'timeout', kind: 'transient', message: 'slow', data: { secret: 1 } },
    failedAt: 1_000,
  } as const;
  const origin = (trigger: unknown, depth = 0) => ({ id: 'e', trigger, depth, plan: { name: 'orders' } });

  test('says what failed, and where', () => {
    const { error: _, failedAt: __, id: ___, ...facts } = letter;
    const more = { ...letter, originalEvent: { card: 4711 } };
    expect(letterAlert(origin({}), more)?.data).not.toHaveProperty('originalEvent');
    expect(letterAlert(origin({}), letter)).toMatchObject({
      id: 'e/1000',
      type: 'dead_letter.created',
      source: '/workflows/orders/executions/e',
      time: '1970-01-01T00:00:01.000Z',
      data: { ...facts, letterId: 'e', workflow: 'orders', error: { code: 'timeout', message: 'slow' } },
    });
  });

  test('is not sent of what such a message started, or of an endless chain', () => {
    const cause = { specversion: '1.0', id: 'm', source: '/x', type: 'dead_letter.created' };
    expect(letterAlert(origin(cause), letter)).toBeNull();
    expect(letterAlert(origin({ ...cause, type: 'order.created' }), letter)).not.toBeNull();
    expect(letterAlert(origin({}, DEEPEST), letter)).toBeNull();
  });

  test('of a message that could not be delivered says who could not take it', () => {
    const cause = { specversion: '1.0', id: 'm', source: '/x', type: 'order.created', causationdepth: 3 } as const;
    expect(messageAlert(cause, letter, 'orders')).toMatchObject({
      ...{ id: 'e/1000', source: '/dead-letters/e', causationid: 'm', causationdepth: 3 },
      data: { letterId: 'e', workflow: 'orders' },
    });
    const { causationdepth: _, ...first } = cause;
    expect(messageAlert(first, letter, null)).toMatchObject({ causationdepth: 0, data: { workflow: null } });
    // Of a broker, and no CloudEvent.
    expect(messageAlert({ data: 1 }, letter, 'orders')).toMatchObject({
      causationdepth: 0,
      data: { workflow: 'orders' },
    });
    expect(messageAlert({ ...cause, causationdepth: DEEPEST }, letter, null)).toBeNull();
    expect(messageAlert({ ...cause, type: 'dead_letter.created' }, letter, null)).toBeNull();
  });
});
