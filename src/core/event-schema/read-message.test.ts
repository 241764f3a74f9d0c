import { expect, test } from 'vitest';
import type { CloudEvent } from '../cloud-event.ts';
import { dataFaults, type EventSchema, sayFaults, schemaAddress, versionOf } from './event-schema.ts';
import { checkMessage, prepared, readMessage, type Versions } from './read-message.ts';

const TYPE = 'order.placed';
const number = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };
const money = { type: 'object', required: ['total'], properties: { total: { type: 'object' } } };
const currency = {
  ...money,
  required: ['total', 'currency'],
  properties: { ...money.properties, currency: { default: 'EUR' } },
};

function versions(...all: Partial<EventSchema>[]): Versions {
  const whole = (over: Partial<EventSchema>, at: number) =>
    prepared({
      ...{ projectId: 'p', type: TYPE, version: at + 1, schema: number, policy: 'reject', upcast: null, createdAt: 1 },
      ...over,
    });
  const [first = {}, ...others] = all;
  return [whole(first, 0), ...others.map((one, at) => whole(one, at + 1))];
}

const event = (data: unknown, version?: number): CloudEvent => ({
  ...{ specversion: '1.0', id: 'm', source: '/t', type: TYPE, data },
  ...(version !== undefined && { dataschema: schemaAddress(TYPE, version) }),
});
const upcast = { total: { cents: '{{ $data.total * 100 }}' } };
const three = versions({}, { schema: money, upcast }, { schema: currency });

test('an address names a version of a type, and of no other', () => {
  expect(schemaAddress('a/b', 2)).toBe('/api/event-schemas/a%2Fb/2');
  expect(versionOf('a/b', '/api/event-schemas/a%2Fb/2')).toBe(2);
  for (const other of [undefined, 'https://elsewhere/2', '/api/event-schemas/a/2', '/api/event-schemas/a%2Fb/0']) {
    expect(versionOf('a/b', other)).toBeUndefined();
  }
});

test('data is looked at in its place, and bytes are no data', () => {
  expect(sayFaults(dataFaults(number, { data: {} }))).toBe('data.total: is missing');
  expect(sayFaults(dataFaults({ items: number }, { data: [{}, 1] }))).toBe('data[0].total: is missing (and 1 more)');
  expect(sayFaults(dataFaults(number, {}))).toBe('data: takes object, is null');
  expect(sayFaults(dataFaults(true, { data_base64: '' }))).toContain('data_base64: ');
});

test('a message is checked by the version it names, else by the newest', () => {
  expect(checkMessage(three, event({ total: 1 }, 1))).toMatchObject({
    ...{ dataschema: schemaAddress(TYPE, 1), faults: [], refused: false },
  });
  expect(checkMessage(three, event({ total: 1 }))).toMatchObject({
    dataschema: schemaAddress(TYPE, 3),
    faults: [{ path: 'data.currency' }, { path: 'data.total', message: 'takes object, is number' }],
    refused: true,
  });
  expect(checkMessage(versions({ policy: 'allow' }), event({}))).toMatchObject({ refused: false });
  expect(checkMessage(versions({ policy: 'allow' }), event({ total: 1 }, 7))).toMatchObject({
    faults: [{ path: 'dataschema', message: 'there is no version 7 of order.placed; the newest is 1' }],
    refused: true,
  });
});

test('an older message is read step by step as of the newest version', () => {
  expect(readMessage(three, event({ total: 5 }, 1))).toEqual({
    event: event({ total: { cents: 500 }, currency: 'EUR' }, 3),
    unfit: [],
  });
  expect(readMessage(three, event({ total: {} }, 2)).event.data).toEqual({ total: {}, currency: 'EUR' });
  expect(readMessage(versions({ schema: true }, { schema: true }), event(undefined, 1)).event.data).toBeNull();
});

test.each([[event({ total: 1 })], [event({ total: 1 }, 9)], [event('whatever', 3)]])(
  'one of no version that is here, or of the newest, is as it is: %j',
  (sent) => {
    expect(readMessage(three, sent)).toEqual({ event: sent, unfit: [] });
  },
);

test('an upcast that fails, or makes what does not fit, says which', () => {
  const failing = (made: unknown) => versions({}, { schema: money, upcast: made });
  expect(() => readMessage(failing('{{ $data.total.trim() }}'), event({ total: 1 }, 1))).toThrow(
    /^upcast to version 2 of order\.placed: .*\$data\.total\.trim/,
  );
  expect(() => readMessage(failing('{{ $data }}'), event({ total: 1 }, 1))).toThrow(
    'order.placed read as of version 2: data.total: takes object, is number',
  );
  expect(() => readMessage(failing('{{ $data.none }}'), event({ total: 1 }, 1))).toThrow('data: takes object, is null');
});

test('what does not fit is set aside or let through as the newest policy says', () => {
  const by = (policy: EventSchema['policy']) => versions({}, { schema: number, policy });
  expect(() => readMessage(by('dead_letter'), event({}, 1))).toThrow(
    'schema 1 of order.placed: data.total: is missing',
  );
  const unfit = event({}, 1);
  expect(readMessage(by('allow'), unfit)).toMatchObject({ event: unfit, unfit: [{ path: 'data.total' }] });
  expect(readMessage(by('allow'), event({ total: 1 }, 1))).toEqual({ event: event({ total: 1 }, 2), unfit: [] });
});
