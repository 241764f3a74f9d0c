import { expect, test } from 'vitest';
import { compileTemplate } from '../expression/index.ts';
import { createMask } from '../masking/mask.ts';
import { compileFlow, withSession } from './plan.ts';
import type { FlowSettings } from './settings.ts';
import { atGates, flowOf, readLane, scheduleLane } from './ticket.ts';

const NOW = 1_000;
const USER = '{{ $trigger.user }}';

const flow = (settings: FlowSettings, trigger: unknown = { user: 'u1' }) =>
  flowOf({ flow: compileFlow(settings, 'w') }, trigger, NOW);
const ticket = (settings: FlowSettings, trigger?: unknown) => flow(settings, trigger).ticket.ticket;

test('the key of a lane is masked where the workflow masks', () => {
  const mask = createMask(['email']);
  const made = flowOf(
    { flow: compileFlow({ concurrency: { limit: 1, key: USER } }, 'w'), mask },
    { user: 'a@b.example' },
    NOW,
  );
  expect(made.ticket.ticket?.lane).toBe('w:concurrency:"[email]"');
});

test('a workflow without flow control has no ticket', () => {
  expect(flowOf({ flow: null }, {}, NOW)).toEqual({ ticket: {}, holds: {} });
});

test('each limit is a gate; what is held to the end is named', () => {
  const made = flow({ concurrency: { limit: 3, key: USER }, rateLimit: { limit: 5, per: '1m' } });
  expect(made.ticket.ticket).toEqual({
    lane: 'w:concurrency:"u1"|w:rate:',
    depth: 3,
    gather: null,
    size: 0,
    gates: [
      { lane: 'w:concurrency:"u1"', limit: 3, perMs: null },
      { lane: 'w:rate:', limit: 5, perMs: 60_000 },
    ],
  });
  expect(made.holds).toEqual({ holds: ['w:concurrency:"u1"'] });
  expect(flow({ rateLimit: { limit: 5, per: '1m' } }).holds).toEqual({});
});

test('a session is one lane, whatever else limits it', () => {
  const settings = { session: USER, concurrency: { limit: 50 } };
  expect(ticket(settings)).toMatchObject({ lane: 'w:session:"u1"', depth: 1 });
  expect(ticket(settings, {})).toMatchObject({ lane: 'w:concurrency:', depth: 50 });
});

test('the key of a trigger takes the place of the session, and needs no settings', () => {
  const own = compileTemplate('{{ $trigger.order }}');
  const by = (settings: FlowSettings) =>
    flowOf({ flow: withSession(compileFlow(settings, 'w'), 'w', own) }, { user: 'u1', order: 7 }, NOW);
  expect(by({}).ticket.ticket).toMatchObject({ lane: 'w:session:7', depth: 1 });
  expect(by({}).holds).toEqual({ holds: ['w:session:7'] });
  expect(by({ session: USER, concurrency: { limit: 5 } }).ticket.ticket?.gates.map(({ lane }) => lane)).toEqual([
    'w:session:7',
    'w:concurrency:',
  ]);
});

test('what is of no session, and has no other limit, waits for nothing', () => {
  expect(ticket({ session: USER }, { user: '' })).toBeUndefined();
  expect(ticket({ session: USER }, { user: null })).toBeUndefined();
  expect(ticket({ session: USER }, { user: 0 })).toMatchObject({ lane: 'w:session:0' });
});

test('a key that cannot be read counts as none; in a session such starts go one at a time', () => {
  const fails = '{{ $trigger.user.repeat(1e9) }}';
  expect(ticket({ concurrency: { limit: 2, key: fails } })).toMatchObject({ lane: 'w:concurrency:' });
  expect(ticket({ session: fails })).toMatchObject({ lane: 'w:session:', gates: [{ limit: 1 }] });
});

test('what gathers waits for its kin first, and then at its gates', () => {
  const debounced = ticket({ debounce: { wait: '5s', max: '1m', key: USER }, concurrency: { limit: 200 } });
  expect(debounced).toMatchObject({ lane: 'w:debounce:"u1"', depth: 100, size: 0 });
  expect(debounced?.gather).toEqual({ kind: 'debounce', waitMs: 5_000, maxMs: 60_000 });
  expect(atGates(debounced?.gates ?? [])).toEqual({ lane: 'w:concurrency:', depth: 100 });
  expect(ticket({ debounce: { wait: '5s' } })?.gather).toEqual({ kind: 'debounce', waitMs: 5_000, maxMs: null });
  const gathered = ticket({ batch: { size: 500, wait: '10s' } }, { a: 1 });
  expect(gathered).toMatchObject({ lane: 'w:batch:', depth: 500, size: 7, gates: [] });
  expect(gathered?.gather).toEqual({ kind: 'batch', waitMs: 10_000, size: 500 });
  expect(ticket({ batch: { size: 2, wait: '10s' } }, null)?.size).toBe(4);
});

test('a lane tells its parts', () => {
  const lane = (key: unknown) =>
    readLane(ticket({ rateLimit: { limit: 1, per: '1s', key: USER } }, { user: key })!.lane);
  expect(lane('a:b|"c"\u0000')).toEqual({ workflowId: 'w', kind: 'rate', key: 'a:b|"c"\u0000' });
  expect(lane({ id: 7 })).toEqual({ workflowId: 'w', kind: 'rate', key: { id: 7 } });
  expect(lane(undefined)).toEqual({ workflowId: 'w', kind: 'rate', key: null });
});

test('a key counts by its first 200 characters; none holds a NUL or half a character', () => {
  const lane = (user: string) => ticket({ session: USER }, { user })!.lane;
  expect(lane(`${'x'.repeat(300)}a`)).toBe(lane(`${'x'.repeat(300)}b`));
  expect(lane('x'.repeat(100_000)).length).toBeLessThan(500);
  expect(lane('\\"'.repeat(1_000)).length).toBeLessThan(1_000);
  expect(readLane(lane('x'.repeat(300))).key).toMatch(/^"x+$/);
  expect(lane('\u0000\ud83d')).toBe('w:session:"\\u0000\\ud83d"');
});

test('a schedule whose executions follow one another is one more gate', () => {
  const gate = { lane: scheduleLane('w', 'daily'), limit: 1, perMs: null };
  const withIt = (settings: FlowSettings) => flowOf({ flow: compileFlow(settings, 'w') }, { user: 'u1' }, NOW, gate);
  expect(withIt({})).toEqual({
    ticket: { ticket: { lane: 'w:schedule:"daily"', depth: 1, gather: null, size: 0, gates: [gate] } },
    holds: { holds: [gate.lane] },
  });
  expect(withIt({ concurrency: { limit: 3 } }).ticket.ticket).toMatchObject({
    lane: 'w:concurrency:|w:schedule:"daily"',
    depth: 1,
    gates: [{ limit: 3 }, gate],
  });
  const gathered = withIt({ debounce: { wait: '5s' } }).ticket.ticket;
  expect(gathered).toMatchObject({ lane: 'w:debounce:', gather: { kind: 'debounce' }, gates: [gate] });
  expect(readLane(gate.lane)).toEqual({ workflowId: 'w', kind: 'schedule', key: 'daily' });
});
