/** A tool whose answer is lost: the model does not choose for what nobody knows. */
import { describe, expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { ErrorInfo } from '../errors.ts';
import { hasUnsure, replay } from './index.ts';

const answer = (...names: string[]) => ({
  ...{ text: 'done', finish: 'stop', usage: { inputTokens: 1, outputTokens: 1 }, cost: 1, currency: 'USD' },
  ...{ latencyMs: 1, model: 'm:x', toolCalls: names.map((name) => ({ id: name, name, arguments: {} })) },
});
const tool = (more: object = {}) => ({
  ...{ name: 'pay', description: 'Pays', type: 'act', policy: 'allow', config: { effect: 'irreversible' } },
  ...more,
});

function calling(one: object, more: object = {}): Drive {
  const config = { model: 'm:x', prompt: 'hi', tools: [one], ...more };
  const drive = new Drive({ nodes: [{ id: 'a', type: 'agent', config }] } as never);
  drive.complete('a[0]/model', answer('pay'));
  return drive;
}
const errorOf = (drive: Drive) => drive.state.failure?.error;
const isTold = (drive: Drive) => drive.open.some((one) => one.kind === 'task' && one.path.endsWith('/model'));

describe('a call that cannot be undone', () => {
  test.each([
    ['connection_failed', 'transient', { sent: true }],
    ['timeout', 'transient', { sent: true }],
    ['tool_source_failed', 'transient', { sent: true }],
    ['http_server_error', 'transient', { status: 504 }],
    ['http_invalid_answer', 'permanent', { sent: true, at: 3 }],
  ] as const)('%s, a %s error with %j, is in doubt', (code, kind, data) => {
    const drive = calling(tool());
    drive.fail('a[1]/pay', kind, code, data);
    expect(errorOf(drive)).toMatchObject({ code: 'in_doubt', data: { last: { code, data } } });
    expect(isTold(drive)).toBe(false);
  });

  test.each([
    ['connection_failed', undefined],
    ['http_client_error', { status: 404 }],
    ['http_server_error', { status: 500 }],
    ['tool_failed', undefined],
    ['secret_missing', undefined],
  ] as const)('%s with %j is told', (code, data) => {
    const drive = calling(tool());
    drive.fail('a[1]/pay', 'permanent', code, data);
    expect(isTold(drive)).toBe(true);
  });

  test('a person says that it happened, and the model goes on by what they give', () => {
    const drive = calling(tool());
    drive.fail('a[1]/pay', 'transient', 'timeout', { sent: true });
    drive.tell({ type: 'skip', path: 'a[1]/pay', output: 'paid', reason: 'seen' });
    expect(drive.input('a[2]/model')).toMatchObject({ messages: [{}, {}, { content: 'paid' }] });
  });

  test('or that it did not, and the same call is made again', () => {
    const drive = calling(tool());
    drive.fail('a[1]/pay', 'transient', 'timeout', { sent: true });
    drive.tell({ type: 'retry', reason: 'it did not', resolves: 'a[1]/pay' });
    expect(drive.open).toMatchObject([{ path: 'a[1]/pay', attempt: 2 }]);
    drive.fail('a[1]/pay', 'permanent', 'http_client_error', { status: 404 });
    expect(isTold(drive)).toBe(true);
  });

  test('an attempt that was lost is not forgotten for one that was refused', () => {
    const drive = calling(tool({ retry: { attempts: 2, delay: '1s' } }));
    drive.fail('a[1]/pay', 'transient', 'timeout', { sent: true });
    drive.fire();
    expect(replay('e', 'p', drive.state.plan, drive.history).scopes.get('a[1]/')?.nodes[0]?.lost).toBe(true);
    drive.fail('a[1]/pay', 'permanent', 'http_client_error', { status: 409 });
    expect(errorOf(drive)).toMatchObject({ code: 'in_doubt', data: { last: { code: 'http_client_error' } } });
  });

  test('nor where the time of the agent leaves none for another attempt', () => {
    const drive = calling(tool({ retry: { attempts: 3, delay: '1h' } }), { limits: { time: '45s' } });
    drive.fail('a[1]/pay', 'transient', 'timeout', { sent: true });
    expect(errorOf(drive)).toMatchObject({ code: 'in_doubt', data: { last: { code: 'timeout' } } });
    expect(isTold(drive)).toBe(false);
  });

  test('nor where its deadline comes', () => {
    const drive = calling(tool({ type: 'loop', config: { times: 1, body: { nodes: [node()], edges: [] } } }));
    drive.fail('a[1]/pay[0]/n', 'transient', 'timeout', { sent: true });
    expect(errorOf(drive)).toMatchObject({ code: 'in_doubt', data: { last: { code: 'timeout' } } });
  });
});

const node = (more: object = {}) => ({
  ...{ id: 'n', type: 'act', config: { effect: 'irreversible' }, deadline: '1s', retry: { delays: ['9s'] } },
  ...more,
});

test('a call that may be made again is told', () => {
  const drive = calling(tool({ config: { effect: 'read' }, retry: { attempts: 1 } }));
  drive.fail('a[1]/pay', 'transient', 'timeout', { sent: true });
  expect(isTold(drive)).toBe(true);
});

describe('a workflow', () => {
  const failed = (error?: ErrorInfo, status: 'failed' | 'canceled' = 'failed') => {
    const drive = calling({ name: 'pay', description: 'Pays', workflow: 'payer', effect: 'read' });
    const child = drive.open.find((one) => one.kind === 'child');
    const executionId = child?.kind === 'child' ? child.executionId : '';
    drive.tell({ type: 'child-ended', executionId, outcome: { status, ...(error && { error }) } });
    return drive;
  };
  const inner = (data: object): ErrorInfo => {
    const drive = new Drive({ nodes: [node({ retry: { attempts: 1 } })] } as never);
    drive.fail('n', 'transient', 'timeout', data);
    return drive.state.failure!.error;
  };

  test('whose author wrote what follows fails as it always did, and says that something may have happened', () => {
    expect(inner({ sent: true })).toMatchObject({ code: 'timeout', data: { sent: true, unsure: true } });
    expect(inner({ status: 504 })).toMatchObject({ code: 'timeout', data: { unsure: true } });
  });

  test('is in doubt for the agent that called it, however deep that lies', () => {
    const error = inner({ sent: true });
    const deep: ErrorInfo = { code: 'child_failed', kind: 'permanent', message: '', data: { executionId: 'x', error } };
    expect(errorOf(failed(error))?.code).toBe('in_doubt');
    expect(errorOf(failed(deep))?.code).toBe('in_doubt');
  });

  const endOf = (nodes: object[], more: object, run: (drive: Drive) => void): ErrorInfo => {
    const start = { id: 'start', type: 'transform', config: { value: 1 } };
    const edges = (nodes as { id: string }[]).filter(({ id }) => id !== 'free').map(({ id }) => `start -> ${id}`);
    const drive = new Drive({ nodes: [start, ...nodes], edges, ...more } as never);
    run(drive);
    expect(replay('e', 'p', drive.state.plan, drive.history).failure).toEqual(drive.state.failure);
    return drive.state.failure!.error;
  };
  const pay = { id: 'pay', type: 'act', config: { effect: 'irreversible' } };
  const other = { id: 'other', type: 'act' };

  test('whose time is over while its request is out is in doubt for its agent', () => {
    const error = endOf([pay], { settings: { timeout: '1m' } }, (drive) => {
      drive.fire();
      drive.fail('pay', 'transient', 'timeout', { sent: true });
    });
    expect(error).toMatchObject({ code: 'timeout', data: { unsure: true } });
    expect(errorOf(failed(error))?.code).toBe('in_doubt');
  });

  test.each(['timeout', 'in_doubt'])('in which something else failed first is in doubt by %s all the same', (code) => {
    const error = endOf([pay, other], {}, (drive) => {
      drive.fail('other', 'permanent', 'http_client_error', { status: 400 });
      drive.fail('pay', 'permanent', code, { sent: true });
    });
    expect(error).toMatchObject({ code: 'http_client_error', data: { status: 400, unsure: true } });
    expect(errorOf(failed(error))?.code).toBe('in_doubt');
  });

  test('that waits to try a lost call again when something else fails is in doubt', () => {
    const error = endOf([{ ...pay, retry: { attempts: 2, delay: '1m' } }, other], {}, (drive) => {
      drive.fail('pay', 'transient', 'timeout', { sent: true });
      drive.fail('other');
    });
    expect(error).toMatchObject({ code: 'node_failed', data: { unsure: true } });
  });

  test('whose lost call was answered the second time, or handled by its author, is not', () => {
    const nodes = [{ ...pay, retry: { attempts: 2, delay: '1s' } }, other];
    const answered = endOf(nodes, {}, (drive) => {
      drive.fail('pay', 'transient', 'timeout', { sent: true });
      drive.fire();
      drive.complete('pay');
      drive.fail('other');
    });
    const body = { nodes: [pay] };
    const each = { id: 'each', type: 'map', config: { items: [1], onItemError: 'collect', body } };
    const handled = endOf([each, other], {}, (drive) => {
      drive.fail('each[0]/pay', 'permanent', 'timeout', { sent: true });
      drive.fail('other');
    });
    expect(answered).not.toHaveProperty('data');
    expect(handled).not.toHaveProperty('data');
  });

  test('that was undone after a lost call is in doubt', () => {
    const nodes = [{ id: 'book', type: 'act', compensate: 'free' }, { id: 'free', type: 'act' }, pay, other];
    const failing = (drive: Drive) => {
      drive.complete('book');
      drive.fail('other');
      drive.fail('pay', 'permanent', 'timeout', { sent: true });
    };
    const undone = endOf(nodes, {}, (drive) => {
      failing(drive);
      drive.complete('free');
    });
    const stuck = endOf(nodes, {}, (drive) => {
      failing(drive);
      drive.fail('free');
    });
    const stopped = endOf(nodes, {}, (drive) => {
      failing(drive);
      drive.tell({ type: 'cancel', reason: 'enough' });
    });
    expect(undone).toMatchObject({ code: 'node_failed', data: { unsure: true } });
    expect(stuck).toMatchObject({ code: 'compensation_failed', data: { unsure: true } });
    expect(stopped).toMatchObject({ code: 'canceled', data: { unsure: true } });
    for (const error of [undone, stuck, stopped]) expect(errorOf(failed(error))?.code).toBe('in_doubt');
  });

  test.each([
    [pay, true],
    [other, false],
  ])('that is canceled while %j is at work: unsure is %s', (one, isUnsure) => {
    const drive = new Drive({ nodes: [one] } as never);
    drive.tell({ type: 'cancel', reason: 'enough' });
    expect(hasUnsure(drive.state)).toBe(isUnsure);
  });

  test('that was canceled is in doubt where it says so, and told otherwise', () => {
    const error: ErrorInfo = {
      code: 'canceled',
      kind: 'permanent',
      message: 'it was canceled',
      data: { unsure: true },
    };
    expect(errorOf(failed(error, 'canceled'))?.code).toBe('in_doubt');
    expect(isTold(failed(undefined, 'canceled'))).toBe(true);
  });

  test('that failed otherwise is told', () => {
    const refused: ErrorInfo = { code: 'http_client_error', kind: 'permanent', message: '', data: { status: 400 } };
    expect(isTold(failed(refused))).toBe(true);
  });
});
