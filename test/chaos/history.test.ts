/** The checker itself: a campaign that could find nothing would prove nothing. */
import { expect, test } from 'vitest';
import type { Callers, Target } from './callers.ts';
import { findFaults } from './history.ts';
import { type ChaosWorkflow, SAGA } from './workflows.ts';

interface Told {
  readonly type: string;
  readonly data?: object;
}

const started = (path: string, attempt = 1): Told => ({ type: 'node.started', data: { path, attempt } });
const completed = (path: string): Told => ({ type: 'node.completed', data: { path } });
const undoing = (path: string, of: string): Told => ({ type: 'node.compensating', data: { path, of } });
const done = (path: string): Told[] => [started(path), completed(path)];

/** n = 2: its third step is refused. */
const GOOD: readonly Told[] = [
  { type: 'execution.created' },
  ...done('reserve'),
  ...done('charge'),
  completed('rest'),
  completed('lucky'),
  started('refuse'),
  { type: 'node.failed', data: { path: 'refuse' } },
  undoing('refund', 'charge'),
  ...done('refund'),
  undoing('release', 'reserve'),
  ...done('release'),
  { type: 'execution.compensated' },
];
const PATHS = ['reserve', 'charge', 'refuse', 'refund', 'release'];

interface Case {
  readonly events?: readonly Told[];
  readonly status?: string;
  readonly ids?: readonly string[];
  readonly paths?: readonly string[];
  readonly calls?: Readonly<Record<string, number>>;
  readonly canceled?: readonly string[];
}

async function faultsOf(given: Case): Promise<string[]> {
  const { events = GOOD, status = 'compensated', ids = ['e'], paths = PATHS, calls = {}, canceled = [] } = given;
  const answer = (path: string) => {
    if (!path.includes('/events')) return { items: ids.map((id) => ({ id, status })), nextCursor: null };
    return { items: events.map((event, index) => ({ seq: index + 1, data: {}, ...event })) };
  };
  const target: Target = {
    call: async (_, path) => ({ status: 200, headers: new Headers(), body: answer(path) }),
  };
  const workflow: ChaosWorkflow = SAGA;
  const callers = {
    faults: [],
    acknowledged: new Map([['key-2', { executionId: 'e', workflow, n: 2 }]]),
    canceled: new Set(canceled),
  } as unknown as Callers;
  const counted = new Map([...paths.map((path) => [`e/${path}`, 1] as const), ...Object.entries(calls)]);
  const sink = { url: '', calls: counted, paths: new Map([['e', paths]]), close: async () => undefined };
  return await findFaults(target, callers, sink);
}

test('a history as it should be has no faults', async () => {
  expect(await faultsOf({})).toEqual([]);
});

const swapped = [...GOOD.slice(0, 9), undoing('release', 'reserve'), ...done('release'), undoing('refund', 'charge')];

test.each<[string, Case, RegExp]>([
  ['an acknowledged execution that is not there', { ids: [] }, /acknowledged and is not there/],
  ['an execution that nobody was told of', { ids: ['e', 'f'] }, /f is there and was never acknowledged/],
  ['a number that is missing', { events: [{ type: 'x', seq: 2 } as Told, ...GOOD.slice(1)] }, /has the number 2/],
  [
    'a node that ran again after it finished',
    { events: [...GOOD.slice(0, 3), started('reserve', 2), ...GOOD.slice(3)] },
    /reserve finished and ran again/,
  ],
  [
    'a node that finished twice',
    { events: [...GOOD.slice(0, 3), completed('reserve'), ...GOOD.slice(3)] },
    /reserve finished twice/,
  ],
  [
    'an attempt that is not recorded',
    { events: [GOOD[0]!, started('reserve', 2), ...GOOD.slice(2)] },
    /attempt 2 of reserve comes after 0/,
  ],
  ['an end that is not the last', { events: [...GOOD, started('more')] }, /goes on after its end/],
  ['no end', { events: GOOD.slice(0, -1) }, /has 0 ends/],
  ['a step that was not undone', { events: [...GOOD.slice(0, 12), GOOD.at(-1)!] }, /it ended as compensated/],
  ['a status that its history does not have', { status: 'failed' }, /it ended as failed/],
  ['undone forward', { events: [...swapped, ...done('refund'), GOOD.at(-1)!] }, /undone in the wrong order/],
  [
    'undone at the sink in another order',
    { paths: ['reserve', 'charge', 'refuse', 'release', 'refund'] },
    /the sink was called for/,
  ],
  ['a compensation that never reached the sink', { paths: PATHS.slice(0, 4) }, /the sink was called for/],
  ['more effects than attempts', { calls: { 'e/charge': 2 } }, /called 2 times in 1 recorded attempts/],
  ['an effect of nobody', { calls: { 'x/y': 1 } }, /x\/y was called 1 times in 0/],
  ['a cancel that was told and did not last', { canceled: ['e'] }, /seen canceled and is compensated/],
])('it finds %s', async (_, given, expected) => {
  const faults = await faultsOf(given);
  expect(faults.join('\n')).toMatch(expected);
});
