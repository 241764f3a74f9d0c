import { beforeEach, expect, test } from 'vitest';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { type EventSchema, schemaAddress } from '../core/event-schema/event-schema.ts';
import type { LoggedMessage } from '../ports/messages.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { newId } from '../testing/factories.ts';
import { EventSchemas } from './event-schemas.ts';
import { Relay } from './relay.ts';
import { Stats } from './stats.ts';

const TYPE = 'order.placed';
const number = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };
const cents = { type: 'object', required: ['cents'], properties: { cents: { type: 'number' } } };

let runtime: Runtime;
let store: Store;
let schemas: EventSchemas;
let warnings: unknown[];

beforeEach(() => {
  warnings = [];
  const system = systemRuntime('silent');
  runtime = { ...system, log: { ...system.log, warn: (about) => void warnings.push(about) } };
  store = memoryStore(runtime, memoryDatabase());
  schemas = new EventSchemas({ store: store.eventSchemas, runtime });
});

const add = (over: Partial<EventSchema> = {}) =>
  store.eventSchemas.add({
    ...{ projectId: 'p', type: TYPE, version: 1, schema: number, policy: 'reject', upcast: null, createdAt: 1 },
    ...over,
  });
const upcast = { cents: '{{ $data.total * 100 }}' };

const message = (data: unknown, version?: number, over: Partial<LoggedMessage> = {}): LoggedMessage => ({
  ...{ id: 1, projectId: 'p', attempts: 0 },
  event: {
    ...{ specversion: '1.0', id: newId(), source: '/t', type: TYPE, data },
    ...(version !== undefined && { dataschema: schemaAddress(TYPE, version) }),
  },
  ...over,
});

test('a type is checked once this process knows its schema, in its own project', async () => {
  await add();
  expect(schemas.check('p', { type: TYPE, data: {} })).toBeUndefined();
  await schemas.runOnce();
  await schemas.runOnce();
  expect(schemas.check('p', { type: TYPE, data: {} })).toMatchObject({ refused: true });
  expect(schemas.check('q', { type: TYPE, data: {} })).toBeUndefined();
  expect(schemas.check('p', { type: 'order.paid', data: {} })).toBeUndefined();
});

test('while it runs it hears of what others write', async () => {
  const known = new Promise<void>((resolve) => {
    const changed: typeof store.eventSchemas.changed = async (mark) => {
      const all = await store.eventSchemas.changed(mark);
      if (all?.schemas.length === 1) resolve();
      return all;
    };
    schemas = new EventSchemas({ store: { changed }, runtime: { ...runtime, sleep: newSleep } });
  });
  schemas.start();
  await add();
  schemas.wake();
  await known;
  await schemas.stop();
  expect(schemas.check('p', { type: TYPE })).toMatchObject({ refused: true });
});

/** Until it is woken. */
const newSleep: Runtime['sleep'] = (_, signal) =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));

test('messages are read as of the newest version, also those of a version that was just written', async () => {
  await add();
  await schemas.refresh();
  await add({ version: 2, schema: cents, upcast });
  const [older, newer, plain] = [message({ total: 5 }, 1), message({ cents: 7 }, 2), message('any')];
  const { readable, refused } = await schemas.read([older, newer, plain]);
  expect(refused).toEqual([]);
  expect(readable.map(({ event }) => event.data)).toEqual([{ cents: 500 }, { cents: 7 }, 'any']);
  expect(readable[0]?.event.dataschema).toBe(schemaAddress(TYPE, 2));
  expect(readable.slice(1)).toEqual([newer, plain]);
  expect(older.event.data).toEqual({ total: 5 });
});

test('one whose schema is gone, or is of another project, is as it is', async () => {
  await add({ projectId: 'q' });
  const [gone] = [message(1, 9)];
  expect(await schemas.read([gone])).toEqual({ readable: [gone], refused: [] });
});

test('one that cannot be upcast is a dead letter with what was written, and those behind it go on', async () => {
  await add();
  await add({ version: 2, schema: cents, upcast: { cents: '{{ $data.total.trim() }}' } });
  const seen: unknown[] = [];
  const listener = {
    name: 'test',
    deliver: async (messages: readonly LoggedMessage[]) => {
      seen.push(...messages.filter(({ event }) => event.type === TYPE).map(({ event }) => event.data));
      return [];
    },
  };
  const relay = new Relay({ messages: store.messages, runtime, stats: new Stats(), deliverers: [listener], schemas });
  const sent = [message({ total: 5 }, 1), message({ cents: 1 }, 2)];
  const logged = sent.map(({ event }) => ({ projectId: 'p', event: { ...event, partitionkey: 'k' } }));
  await store.messages.add(logged);
  await relay.runOnce();
  expect(seen).toEqual([{ cents: 1 }]);
  const [letter] = await store.deadLetters.list({ projectId: 'p', limit: 9 });
  expect(await store.deadLetters.get('p', letter?.id ?? '')).toMatchObject({
    ...{ source: 'message', attempts: 1, originalEvent: logged[0]?.event },
    error: { code: 'expression_failed', message: expect.stringContaining('upcast to version 2 of order.placed') },
  });
});

test('what does not fit is delivered with a warning where the policy allows it, and else set aside', async () => {
  await add({ policy: 'allow' });
  const unfit = message({}, 1);
  expect(await schemas.read([unfit])).toEqual({ readable: [unfit], refused: [] });
  expect(warnings).toMatchObject([{ message: unfit.event.id, fault: 'data.total: is missing' }]);
  await add({ version: 2, policy: 'dead_letter' });
  await schemas.refresh();
  expect(await schemas.read([unfit])).toMatchObject({
    readable: [],
    refused: [{ message: unfit, error: { code: 'message_invalid', kind: 'permanent' } }],
  });
});
