/** What a definition leaves out, and what it sets, in the plan. */
import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import { MyelinError } from '../errors.ts';
import { compilePlan } from './compile.ts';

const compile = (document: Omit<Definition, 'name'>) =>
  compilePlan({ name: 'x', ...document }, { workflowId: 'w', version: 1 }, driveCatalog.nodes);

test('time limits become milliseconds; none is null', () => {
  const nodes = [
    { id: 'a', type: 'act', timeout: '30s', deadline: '10m' },
    { id: 'b', type: 'act' },
  ];
  const plan = compile({ nodes, settings: { timeout: '1h' } });
  expect(plan.timeoutMs).toBe(3_600_000);
  expect(plan.root.nodes.map((node) => node.timeoutMs)).toEqual([30_000, null]);
  expect(plan.root.nodes.map((node) => node.deadlineMs)).toEqual([600_000, null]);
  expect(compile({ nodes }).timeoutMs).toBeNull();
});

test('the error workflow is that of the settings; none is null', () => {
  const nodes = [{ id: 'a', type: 'act' }];
  expect(compile({ nodes, settings: { errorWorkflow: 'tell-us' } }).errorWorkflow).toBe('tell-us');
  expect(compile({ nodes, settings: {} }).errorWorkflow).toBeNull();
});

test('a retry policy keeps the defaults of what it does not name', () => {
  const [base, named, limited] = compile({
    nodes: [
      { id: 'a', type: 'act' },
      { id: 'b', type: 'act', retry: { backoff: 'fixed' } },
      { id: 'c', type: 'act', retry: { attempts: 7, delay: '2s', max: '5s', jitter: false } },
    ],
  }).root.nodes.map((node) => node.retry);
  expect(named).toEqual({ ...base, attempts: 3, backoff: 'fixed' });
  expect(limited).toEqual({ ...base, attempts: 7, delayMs: 2_000, maxMs: 5_000, jitter: false });
});

test('a list of delays is taken at its word', () => {
  const [list, drawn] = compile({
    nodes: [
      { id: 'a', type: 'act', retry: { delays: ['1s', '5s', '1m'] } },
      { id: 'b', type: 'act', retry: { backoff: 'list', delays: ['1s'], jitter: true, attempts: 4 } },
    ],
  }).root.nodes.map((node) => node.retry);
  expect(list).toMatchObject({ attempts: 4, backoff: 'list', delaysMs: [1_000, 5_000, 60_000], jitter: false });
  expect(drawn).toMatchObject({ attempts: 4, backoff: 'list', delaysMs: [1_000], jitter: true });
});

test('a policy of the workflow is that of nodes without one; a long delay is not cut to the usual cap', () => {
  const retry = { delay: '5m', retryOn: ['output_invalid'], doNotRetryOn: ['timeout'], openCircuit: 'count' as const };
  const own = { id: 'b', type: 'act', retry: {} };
  const [inherited, named] = compile({ nodes: [{ id: 'a', type: 'act' }, own], settings: { retry } }).root.nodes;
  expect(inherited?.retry).toMatchObject({ delayMs: 300_000, maxMs: 300_000, openCircuit: 'count' });
  expect(inherited?.retry).toMatchObject({ retryOn: ['output_invalid'], doNotRetryOn: ['timeout'] });
  expect(named?.retry).toMatchObject({ delayMs: 1_000, retryOn: [], doNotRetryOn: [], openCircuit: 'wait' });
});

test('a join waits for all where neither the node nor its config says otherwise', () => {
  const { nodes } = compile({
    nodes: [
      { id: 'a', type: 'join' },
      { id: 'b', type: 'join', config: { mode: 'any' } },
      { id: 'c', type: 'join', config: { mode: 'any' }, join: 2 },
      { id: 'd', type: 'act' },
    ],
  }).root;
  expect(nodes.map((node) => node.join)).toEqual(['all', 'any', 2, 'all']);
});

test('a type that this program does not have is named', () => {
  expect(() => compile({ nodes: [{ id: 'a', type: 'gone' }] })).toThrow(MyelinError);
  expect(() => compile({ nodes: [{ id: 'a', type: 'gone' }] })).toThrow('Node a has the type gone');
});
