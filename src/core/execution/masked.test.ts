/** Whatever door personal data comes in by, no event and no demand holds it, and a replay comes to the same state. */
import { expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import { evolve, newState } from './index.ts';
import { maskDecision } from './masked.ts';

const CANARIES = /ana@|4111|canary/;
const given = { text: 'ana@example.com paid with 4111 1111 1111 1111', code: 'canary-7' };
const settings: Definition['settings'] = {
  mask: { rules: ['email', 'card'], custom: [{ name: 'code', pattern: 'canary-\\d' }] },
};
const echo = { id: 'echo', type: 'transform', config: { value: '{{ $json }}' } };
const masked = { text: '[email] paid with [card]', code: '[code]' };

function drive(nodes: Definition['nodes'], edges: string[] = [], trigger: unknown = given): Drive {
  return new Drive({ settings, nodes, edges }, trigger);
}

function expectClean(run: Drive): void {
  expect(JSON.stringify([run.history, run.demands])).not.toMatch(CANARIES);
  const again = newState('e', 'p', run.state.plan);
  for (const event of run.history) evolve(again, event);
  expect(again.output).toEqual(run.state.output);
  expect(again.status).toBe(run.status);
}

test('the trigger', () => {
  const run = drive([echo]);
  expect(run.state.output).toEqual(masked);
  expectClean(run);
});

test('pins of a test', () => {
  const run = new Drive({ settings, nodes: [echo] }, {}, { pins: { echo: given } });
  expect(run.state.output).toEqual(masked);
  expectClean(run);
});

test('starts that are gathered', () => {
  const run = drive([{ id: 'd', type: 'delay', config: { for: '1s' } }]);
  run.state.status = 'pending';
  run.tell({ type: 'gather', triggers: [given, given] });
  expect(run.state.trigger).toEqual({ batch: [masked, masked] });
  expect(JSON.stringify(run.history)).not.toMatch(CANARIES);
});

test('results of tasks, and what they send on', () => {
  const send = { id: 'send', type: 'emit', config: { type: 'paid', data: '{{ $json }}', key: '{{ $json.text }}' } };
  const run = drive([{ id: 'a', type: 'act' }, send], ['a -> send'], {});
  run.complete('a', given);
  expect(run.demands.find(({ kind }) => kind === 'message')).toMatchObject({ message: { data: masked } });
  expectClean(run);
});

test('errors of tasks; code and kind stay', () => {
  const run = drive([{ id: 'a', type: 'act' }], [], {});
  const error = { code: 'http_client_error', kind: 'permanent', message: given.text, data: given } as const;
  run.tell({ type: 'task-failed', path: 'a', attempt: 1, error });
  expect(run.state.failure?.error).toMatchObject({ code: 'http_client_error', message: masked.text, data: masked });
  expectClean(run);
});

test('children, by their output and by their error', () => {
  const call = { id: 'c', type: 'workflow', config: { workflow: 'other', input: {} } };
  for (const outcome of [
    { status: 'completed', output: given },
    { status: 'failed', error: { code: 'node_failed', kind: 'permanent', message: given.text } },
  ] as const) {
    const run = drive([call], [], {});
    const [executionId] = run.state.waits.keys();
    run.tell({ type: 'child-ended', executionId: executionId!, outcome });
    expect(run.ended).toBe(true);
    expectClean(run);
  }
});

test('callbacks, early or late', () => {
  const wait = { id: 'w', type: 'wait', config: { for: 'callback' } };
  const late = drive([wait], [], {});
  late.tell({ type: 'callback', answer: given });
  expect(late.state.output).toMatchObject({ signal: masked });
  expectClean(late);
  const early = drive([{ id: 'a', type: 'act' }, wait], ['a -> w'], {});
  early.tell({ type: 'callback', answer: given });
  early.complete('a');
  expect(early.state.output).toMatchObject({ signal: masked });
  expectClean(early);
});

test('decisions, but not who made them', () => {
  const run = drive([{ id: 'p', type: 'approval', config: { title: 'Pay?' } }], [], {});
  const [waitId] = run.state.waits.keys();
  const by = 'boss@example.com';
  run.tell({ type: 'answer', waitId: waitId!, answer: { decision: 'approved', by, comment: given.text, data: given } });
  expect(run.state.output).toMatchObject({ decision: { by, comment: masked.text, data: masked } });
  expectClean(run);
});

test('what a person says or gives', () => {
  const run = drive([{ id: 'a', type: 'act' }], [], {});
  run.tell({ type: 'pause', reason: given.text });
  run.tell({ type: 'resume', reason: given.text });
  run.tell({ type: 'skip', path: 'a', output: given, reason: given.text });
  expect(run.state.output).toEqual(masked);
  expectClean(run);
  const other = drive([{ id: 'a', type: 'act' }], [], {});
  other.tell({ type: 'cancel', reason: given.text });
  expectClean(other);
});

test('answers that are no decision, and decisions of another form', () => {
  const wait = { id: 'w', type: 'wait', config: { for: 'event', type: 'order.*' } };
  const run = drive([wait], [], {});
  const [waitId] = run.state.waits.keys();
  expect(run.demands.find((one) => one.kind === 'await')).toMatchObject({ details: { masks: true } });
  run.tell({ type: 'answer', waitId: waitId!, answer: given });
  expectClean(run);
  expect(maskDecision(run.state.plan.mask!, given.text)).toBe(masked.text);
});

test('without the setting everything stays', () => {
  const run = new Drive({ nodes: [echo] }, given);
  expect(run.state.output).toEqual(given);
});
