import { expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import { DEEPEST, decide, envelope, newState, next } from './index.ts';

const config = { type: 'order.created', data: 1, key: 'a', topic: 'orders' };
const nodes = [{ id: 'e', type: 'emit', config }];

function envelopeOf(run: Drive) {
  const demand = run.demands.find((one) => one.kind === 'message');
  if (demand === undefined) throw new Error('no message');
  return { id: demand.id, event: envelope(run.state, demand) };
}

test('a message is a CloudEvent that names the execution it comes from', () => {
  const { id, event } = envelopeOf(new Drive({ nodes }, { any: 'input' }));
  expect(event).toEqual({
    specversion: '1.0',
    id,
    source: '/workflows/test/executions/e',
    type: 'order.created',
    time: '1970-01-01T00:16:40.002Z',
    datacontenttype: 'application/json',
    data: 1,
    partitionkey: 'a',
    topic: 'orders',
    correlationid: 'e',
    causationid: 'e',
    causationdepth: 0,
  });
});

test('a message that a message caused goes on with its correlation', () => {
  const cause = { specversion: '1.0', id: 'm1', source: '/x', type: 'a' };
  const plain = { nodes: [{ id: 'e', type: 'emit', config: { type: 'b' } }] };
  expect(envelopeOf(new Drive(plain, cause)).event).toMatchObject({ correlationid: 'm1', causationid: 'm1' });
  const chained = envelopeOf(new Drive(plain, { ...cause, correlationid: 'm0' })).event;
  expect(chained).toMatchObject({ correlationid: 'm0', causationid: 'm1' });
  expect(chained).not.toHaveProperty('partitionkey');
  expect(chained).not.toHaveProperty('topic');
});

test('an execution too deep in a chain of messages may not add to it', () => {
  const env = { now: 1, id: () => 'id', random: () => 0 };
  const { plan } = new Drive({ nodes }).state;
  const at = (depth: number) => {
    const state = newState('e2', 'p', plan);
    decide(state, { type: 'create', triggerId: 'hook', trigger: {}, depth }, env);
    decide(state, { type: 'advance' }, env);
    return state;
  };
  expect(next(at(DEEPEST - 1))).toMatchObject([{ kind: 'message' }]);
  expect(at(DEEPEST).failure?.error).toMatchObject({
    code: 'limit_exceeded',
    message: expect.stringContaining('e: Workflows have'),
  });
});

test('a message of a type that has a schema names it', () => {
  const { state, demands } = new Drive({ nodes }, {});
  const demand = demands.find((one) => one.kind === 'message');
  if (demand === undefined) throw new Error('no message');
  const message = { ...demand.message, dataschema: '/api/event-schemas/order.created/2' };
  expect(envelope(state, { ...demand, message })).toMatchObject({ dataschema: '/api/event-schemas/order.created/2' });
});
