/** The judgment of a campaign with a broker: what it is to find, it finds. */
import { expect, test } from 'vitest';
import { judge } from './broker-verdict.ts';
import type { Target } from './callers.ts';

interface Case {
  readonly acknowledged?: readonly string[];
  readonly unanswered?: readonly string[];
  /** What the world was called for, by execution. */
  readonly calls?: Readonly<Record<string, string>>;
  /** Of the node that writes a message. */
  readonly attempts?: number;
  readonly letters?: readonly object[];
}

/** One message, `m`, taken by the execution `a`, whose own message `b` heard. */
const CALLS = { a: 'take/m', b: 'note/a' };

async function faultsOf(given: Case): Promise<readonly string[]> {
  const { acknowledged = ['m'], unanswered = [], calls = CALLS, attempts = 1, letters = [] } = given;
  const isTake = (id: string) => calls[id as keyof typeof calls]?.startsWith('take/');
  const start = (path: string, attempt = 1) => ({ type: 'node.started', data: { path, attempt } });
  const end = (path: string) => ({ type: 'node.completed', data: { path } });
  const tell = [...Array.from({ length: attempts }, (_, at) => start('tell', at + 1)), end('tell')];
  const historyOf = (id: string) =>
    [
      { type: 'created', data: {} },
      start('call'),
      end('call'),
      ...(isTake(id) ? tell : []),
      { type: 'execution.completed', data: {} },
    ].map((event, index) => ({ seq: index + 1, ...event }));
  const answer = (path: string) => {
    if (path.includes('dead-letters')) return { items: letters };
    const [, id] = /executions\/(\w+)\/events/.exec(path) ?? [];
    if (id !== undefined) return { items: historyOf(id) };
    const items = Object.keys(calls).map((one) => ({
      id: one,
      workflowName: isTake(one) ? 'take' : 'note',
      status: 'completed',
    }));
    return { items, nextCursor: null };
  };
  const target: Target = { call: async (_, path) => ({ status: 200, headers: new Headers(), body: answer(path) }) };
  const keys = Object.entries(calls).map(([id, place]) => [`${id}/call`, `/${place}`] as const);
  const sink = { calls: new Map(keys.map(([key]) => [key, 1])), paths: new Map(), targets: new Map(keys) };
  const sent = { acknowledged: new Set(acknowledged), unanswered: new Set(unanswered) };
  return (await judge(target, sink, sent)).faults;
}

test.each<[string, Case]>([
  ['each message is one execution, heard once', {}],
  ['one without an answer came or did not', { acknowledged: [], unanswered: ['m', 'n'] }],
  ['one was written by each of two attempts', { calls: { ...CALLS, c: 'note/a' }, attempts: 2 }],
])('nothing is wrong where %s', async (_, given) => {
  expect(await faultsOf(given)).toEqual([]);
});

test.each<[string, Case, string]>([
  ['that is lost', { acknowledged: ['m', 'n'] }, 'n was acknowledged and is lost'],
  ['that started two executions', { calls: { ...CALLS, c: 'take/m', d: 'note/c' } }, 'm started 2 executions'],
  [
    'that did so without an answer',
    { acknowledged: [], unanswered: ['m'], calls: { ...CALLS, c: 'take/m', d: 'note/c' } },
    'm started 2',
  ],
  ['that nobody sent', { acknowledged: [] }, 'm was never sent'],
  ['that nobody hears', { calls: { a: 'take/m' } }, 'nobody heard of a'],
  ['that one attempt wrote twice', { calls: { ...CALLS, c: 'note/a' } }, 'a wrote 2 messages in 1 attempts'],
  ['that is a dead letter', { letters: [{ id: 'x' }] }, 'a dead letter: {"id":"x"}'],
])('it finds a message %s', async (_, given, expected) => {
  expect((await faultsOf(given)).join('\n')).toContain(expected);
});
