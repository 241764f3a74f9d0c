/** Which attempts a node gets: by its policy, by its deadline, and by the circuit of what it depends on. */
import { describe, expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { ErrorInfo } from '../errors.ts';
import { replay, taskInput } from './index.ts';

const act = (over: object) => new Drive({ nodes: [{ id: 'a', type: 'act', ...over }] });
const SLOW: ErrorInfo = { code: 'timeout', kind: 'transient', message: 'a: slow' };
const OPEN: ErrorInfo = { code: 'circuit_open', kind: 'transient', message: 'a: open', data: { retryAfterMs: 4_000 } };

/** Lets the task that is open fail with the error. */
function failWith(run: Drive, error: ErrorInfo): void {
  const task = run.open.find((one) => one.kind === 'task')!;
  run.open = run.open.filter((one) => one !== task);
  run.tell({ type: 'task-failed', path: 'a', attempt: task.kind === 'task' ? task.attempt : 0, error });
}

const failure = (run: Drive) =>
  run.history.flatMap((event) => (event.type === 'node.failed' ? [event.data.error] : []));

describe('a policy by codes', () => {
  test('tries a permanent error again, and a transient one not', () => {
    const refused: ErrorInfo = { code: 'output_invalid', kind: 'permanent', message: '' };
    const run = act({ retry: { attempts: 2, retryOn: ['output_invalid'], doNotRetryOn: ['timeout'] } });
    failWith(run, refused);
    expect(run.status).toBe('waiting');
    run.fire();
    failWith(run, SLOW);
    expect(run.status).toBe('failed');
  });
});

describe('a deadline', () => {
  test('fails the node with `timeout` when the next attempt would come after it', () => {
    const run = act({ deadline: '10s', retry: { attempts: 9, delays: ['6s', '6s'] } });
    failWith(run, SLOW);
    run.fire();
    failWith(run, SLOW);
    expect(run.status).toBe('failed');
    expect(failure(run)).toEqual([
      {
        code: 'timeout',
        kind: 'transient',
        message: 'a: The deadline of 10000 ms leaves no time for another attempt; the last error: a: slow',
        data: { last: SLOW },
      },
    ]);
  });

  test('is told to who runs the task, from the first attempt on', () => {
    const run = act({ deadline: '10s', retry: { delays: ['6s'] } });
    const began = run.history.find((event) => event.type === 'node.started')!.at;
    const told = () => taskInput(run.state, 'a', () => '').deadline;
    expect(told()).toBe(began + 10_000);
    failWith(run, SLOW);
    run.fire();
    expect(told()).toBe(began + 10_000);
    expect(taskInput(act({}).state, 'a', () => '').deadline).toBeNull();
  });

  test('begins anew when a person retries the execution', () => {
    const run = act({ deadline: '10s', retry: { delays: ['9s', '9s'] } });
    failWith(run, SLOW);
    run.fire();
    failWith(run, SLOW);
    expect(run.status).toBe('failed');
    run.tell({ type: 'retry', reason: '' });
    failWith(run, SLOW);
    expect(run.status).toBe('waiting');
  });
});

describe('an open circuit', () => {
  test('costs none of the attempts', () => {
    const run = act({ retry: { attempts: 2, delay: '1s' } });
    for (let time = 0; time < 5; time++) {
      failWith(run, OPEN);
      run.fire();
    }
    failWith(run, SLOW);
    run.fire();
    expect(run.open).toMatchObject([{ kind: 'task', attempt: 7 }]);
    failWith(run, SLOW);
    expect(run.status).toBe('failed');
  });

  test('is waited for even where a node is tried only once', () => {
    const run = act({ config: { effect: 'irreversible' } });
    failWith(run, OPEN);
    run.fire();
    run.complete('a', 'done');
    expect(run.status).toBe('completed');
  });

  test('counts where the policy says so', () => {
    const run = act({ retry: { attempts: 2, openCircuit: 'count' } });
    failWith(run, OPEN);
    run.fire();
    failWith(run, OPEN);
    expect(failure(run)).toEqual([OPEN]);
  });

  test('is waited for no longer than the deadline', () => {
    const run = act({ deadline: '5s' });
    failWith(run, OPEN);
    run.fire();
    failWith(run, OPEN);
    expect(failure(run)).toMatchObject([{ code: 'timeout', data: { last: OPEN } }]);
  });
});

describe('a crash', () => {
  const recover = (run: Drive) => {
    run.open = [];
    run.tell({ type: 'recover' });
  };
  const lost: ErrorInfo = { code: 'answer_lost', kind: 'transient', message: 'a: lost' };
  const ill: ErrorInfo = { code: 'connection_failed', kind: 'transient', message: 'a: ill' };
  /** As a history that is read again has it. */
  const again = (run: Drive) => replay('e', 'p', run.state.plan, run.history).root.nodes[0];

  test.each([
    ['run again', {}],
    ['asked after, and lost', { config: { effect: 'reconcilable' } }],
  ])('costs none of the attempts of what is %s', (_, more) => {
    const run = act({ ...more, retry: { attempts: 2, delay: '1s' } });
    for (let time = 0; time < 2; time++) {
      recover(run);
      if ('config' in more) {
        failWith(run, lost);
        run.fire();
      }
    }
    failWith(run, SLOW);
    expect(run.status).toBe('waiting');
    run.fire();
    expect(again(run)).toMatchObject({ crashes: 2, attempt: run.state.root.nodes[0]?.attempt, doubtful: false });
    failWith(run, SLOW);
    expect(failure(run)).toEqual([SLOW]);
  });

  test('strikes twice what is tried once; three times, and the node is held to be the cause', () => {
    for (const effect of ['read', 'reconcilable']) {
      const run = act({ config: { effect }, retry: { attempts: 1 } });
      for (let time = 0; time < 2; time++) {
        recover(run);
        if (effect === 'read') continue;
        failWith(run, lost);
        run.fire();
      }
      expect(run.open).toMatchObject([{ kind: 'task', reconcile: false }]);
      recover(run);
      expect(failure(run)).toMatchObject([{ code: 'crash_loop' }]);
    }
  });

  test('what could not be asked is asked again, and not run', () => {
    const run = act({ config: { effect: 'reconcilable' }, retry: { attempts: 2 } });
    recover(run);
    failWith(run, OPEN);
    run.fire();
    expect(run.open).toMatchObject([{ kind: 'task', attempt: 3, reconcile: true }]);
    failWith(run, ill);
    run.fire();
    expect(run.open).toMatchObject([{ kind: 'task', attempt: 4, reconcile: true }]);
    expect(again(run)).toMatchObject({ crashes: 1, doubtful: true });
    run.complete('a', 'done');
    expect(run.status).toBe('completed');
  });

  test('an answer that was lost is not made again where the policy says so', () => {
    const run = act({ config: { effect: 'reconcilable' }, retry: { doNotRetryOn: ['answer_lost'] } });
    recover(run);
    failWith(run, lost);
    expect(failure(run)).toEqual([lost]);
  });
});
