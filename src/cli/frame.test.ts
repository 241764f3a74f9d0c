import { describe, expect, test } from 'vitest';
import type { Execution, ExecutionNode } from '../sdk/index.ts';
import { details, executionRows } from './commands/executions.ts';
import { changes, frame } from './frame.ts';
import { inPlace } from './screen.ts';
import { PLAIN, styleFor } from './text.ts';

const START = Date.parse('2026-07-01T12:00:00.000Z');
const at = (ms: number): string => new Date(START + ms).toISOString();
const error = {
  code: 'http_server_error',
  kind: 'transient',
  message: 'The target\u001b[2J answered 503.\nTwice.',
} as const;

const node = (path: string, more: Partial<ExecutionNode> = {}): ExecutionNode => ({
  path,
  id: path.split('/').at(-1)!,
  type: 'transform',
  status: 'pending',
  attempt: 0,
  port: null,
  output: null,
  error: null,
  startedAt: null,
  finishedAt: null,
  ...more,
});

const ended = (status: ExecutionNode['status'], from: number, to: number): Partial<ExecutionNode> => ({
  status,
  startedAt: at(from),
  finishedAt: at(to),
});

const view = (nodes: ExecutionNode[], more: Partial<Execution> = {}): Execution => ({
  id: '01980000-0000-7000-8000-000000000001',
  workflowId: 'w1',
  workflowName: 'triage',
  version: 3,
  status: 'running',
  triggerId: 'hook',
  error: null,
  createdAt: at(0),
  startedAt: at(0),
  finishedAt: null,
  parentId: null,
  trigger: { body: { a: 1 } },
  output: null,
  waitingFor: [],
  nodes,
  truncated: false,
  ...more,
});

const busy = view(
  [
    node('classify', { type: 'agent', attempt: 1, port: 'out', ...ended('completed', 0, 340) }),
    node('severe', { type: 'if', port: 'true', ...ended('completed', 340, 340) }),
    node('each', { type: 'map', status: 'running', startedAt: at(400), progress: { done: 3, total: 10 } }),
    node('each[2]/fetch', { type: 'http', ...ended('completed', 400, 500) }),
    node('each[3]/fetch', { type: 'http', status: 'running', attempt: 2, startedAt: at(500) }),
    node('each[4]/fetch', { type: 'http', status: 'pending' }),
    node('again', { type: 'loop', status: 'running', startedAt: at(900), progress: { done: 7, total: null } }),
    node('grace', { type: 'delay', status: 'waiting', startedAt: at(900) }),
    node('restart', { type: 'http', attempt: 2, error, ...ended('failed', 0, 61_000) }),
    node('note', { status: 'skipped' }),
    node('last'),
  ],
  { waitingFor: [{ path: 'grace', reason: 'timer', until: at(3_661_000) }] },
);

describe('a frame', () => {
  test('shows each node with its state, time and story, and only what is alive inside containers', () => {
    expect(frame(busy, START + 61_000, { width: 120 })).toEqual([
      'triage v3  running 1m01s  01980000-0000-7000-8000-000000000001',
      '  ✓ classify         agent       340ms',
      '  ✓ severe           if            0ms  → true',
      '  ▶ each             map         1m00s  [██████░░░░░░░░░░░░░░] 3/10',
      '  ▶   each[3]/fetch  http        1m00s  attempt 2',
      '  ▶ again            loop        1m00s  7 done',
      '  ◷ grace            delay       1m00s  for 1h00m',
      '  ✗ restart          http        1m01s  attempt 2  http_server_error: The target [2J answered 503. Twice.',
      '  – note             transform',
      '  · last             transform',
    ]);
  });

  test('never grows wider or higher than its room', () => {
    for (const width of [10, 20, 40, 80]) {
      for (const height of [3, 5, 8]) {
        const lines = frame(busy, START, { width, height });
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(Math.max(width, 30));
      }
    }
  });

  test('keeps what has something to tell where the room is short', () => {
    const lines = frame(busy, START, { width: 60, height: 6 });
    expect(lines.map((line) => line.trim().split(/ +/)[1])).toEqual([
      'v3',
      'each',
      'each[3]/fetch',
      'again',
      'restart',
      'and',
    ]);
    expect(lines.at(-1)).toBe('  … and 5 more');
  });

  test('an empty container has a full bar, and an execution that has not begun no time', () => {
    const empty = view([node('each', { progress: { done: 0, total: 0 } })], { status: 'pending', startedAt: null });
    const [head, line] = frame(empty, START, { width: 100 });
    expect(head).toBe('triage v3  pending  01980000-0000-7000-8000-000000000001');
    expect(line).toContain('[████████████████████] 0/0');
  });

  test('other waits say what ends them', () => {
    const nodes = ['a', 'b', 'c', 'd', 'e'].map((path) => node(path, { status: 'waiting' }));
    const waitingFor: Execution['waitingFor'] = [
      { path: 'a', reason: 'retry', until: at(2_000) },
      { path: 'b', reason: 'child', executionId: 'e2' },
      { path: 'c', reason: 'approval', waitId: 'p1' },
      { path: 'd', reason: 'approval', waitId: 'p2', until: at(2_000) },
      { path: 'e', reason: 'callback', waitId: 'p3' },
    ];
    const lines = frame(view(nodes, { waitingFor }), START, { width: 100 });
    expect(lines[1]).toContain('next attempt in 2.0s');
    expect(lines[2]).toContain('for e2');
    expect(lines[3]).toMatch(/ for a person: myelin approve p1$/);
    expect(lines[4]).toMatch(/ for a person, 2\.0s left: myelin approve p2$/);
    expect(lines[5]).toMatch(/ for a callback$/);
  });

  test('has colors only on a terminal that wants them', () => {
    const colored = (env: Record<string, string>, isTTY: boolean) =>
      frame(busy, START, { width: 80, style: styleFor(isTTY, env) })
        .join('')
        .includes('\u001b');
    expect(colored({}, true)).toBe(true);
    expect(colored({}, false)).toBe(false);
    expect(colored({ NO_COLOR: '1' }, true)).toBe(false);
    expect(colored({ TERM: 'dumb' }, true)).toBe(false);
  });

  test('is drawn over the one before', () => {
    expect(inPlace(['a', 'b'], 0)).toBe('\r\u001b[?7l\u001b[Ja\nb\n\u001b[?7h');
    expect(inPlace(['a'], 2)).toBe('\u001b[2A\r\u001b[?7l\u001b[Ja\n\u001b[?7h');
  });
});

describe('changes', () => {
  test('are one line for each news, and none for what stays', () => {
    const before = view([
      node('a', ended('completed', 0, 5)),
      node('b', { status: 'running', startedAt: at(5) }),
      node('c'),
    ]);
    const after = view(
      [
        node('a', ended('completed', 0, 5)),
        node('b', { port: 'error', error, ...ended('failed', 5, 1_505) }),
        node('c', { status: 'skipped' }),
      ],
      { status: 'failed', error, finishedAt: at(1_505) },
    );
    expect(changes(before, after, START)).toEqual([
      '✗ b  failed  1.5s  http_server_error: The target [2J answered 503. Twice.',
      '– c  skipped',
      'triage failed  The target [2J answered 503. Twice.',
    ]);
    expect(changes(after, after, START)).toEqual([]);
  });

  test('begin with all that has begun, and end with the output', () => {
    const done = view([node('a', ended('completed', 0, 5)), node('b')], { status: 'completed', output: { ok: true } });
    expect(changes(undefined, done, START)).toEqual(['✓ a  completed  5ms', 'triage completed  {"ok":true}']);
  });
});

test('the details say where it failed, what it waits for and what to do', () => {
  const failed = view([node('restart', { error, ...ended('failed', 0, 10) })], {
    status: 'failed',
    error,
    finishedAt: at(10),
    parentId: 'e0',
    waitingFor: [{ path: 'grace', reason: 'timer', until: at(60_000) }],
  });
  expect(details(failed, START, { style: PLAIN, width: 80 }).slice(2)).toEqual([
    '',
    'Failed at restart: http_server_error',
    '  The target [2J answered 503. Twice.',
    '  Once it is mended: myelin retry 01980000-0000-7000-8000-000000000001',
    'Waits at grace for a timer until 2026-07-01 12:01:00 UTC',
    'Started by e0',
    '',
    'Trigger (hook): {"body":{"a":1}}',
  ]);
  const unsure = { ...error, code: 'in_doubt' };
  const doubtful = view([node('pay', { error: unsure, ...ended('failed', 0, 10) })], {
    status: 'failed',
    error: unsure,
  });
  const told = details(doubtful, START, { style: PLAIN, width: 80 }).join('\n');
  expect(told).toContain("myelin resolve 01980000-0000-7000-8000-000000000001 'pay' --happened, or --not-happened");
  expect(told).not.toContain('myelin retry');
  const canceled = view([], { status: 'canceled', error: { ...error, code: 'canceled', message: 'enough' } });
  expect(details(canceled, START, { style: PLAIN, width: 80 }).slice(1, 4)).toEqual(['', 'Canceled', '  enough']);
  const completed = view([], { status: 'completed', output: 'x'.repeat(200), finishedAt: at(1) });
  expect(details(completed, START, { style: PLAIN, width: 40 }).slice(-2)).toEqual([
    `Output: "${'x'.repeat(30)}…`,
    'Whole with --json',
  ]);
});

test('a list of executions is a table', () => {
  const rows = [view([]), view([], { status: 'failed', error, finishedAt: at(2_000) })];
  expect(executionRows(rows, START + 90_000, { style: PLAIN, width: undefined })).toEqual([
    'ID                                    WORKFLOW   STATUS   CREATED (UTC)        TIME   ERROR',
    '01980000-0000-7000-8000-000000000001  triage v3  running  2026-07-01 12:00:00  1m30s',
    '01980000-0000-7000-8000-000000000001  triage v3  failed   2026-07-01 12:00:00  2.0s   http_server_error: The target [2J answered 503. Twice.',
  ]);
});
