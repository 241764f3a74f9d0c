import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CloudEvent } from '../core/cloud-event.ts';
import type { NewMessage } from '../ports/messages.ts';
import { DEFAULT_PROJECT, type ExecutionRow } from '../ports/store.ts';
import { type ServerParts, serverParts } from '../testing/api.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { EventTriggers } from './event-triggers.ts';
import { Relay } from './relay.ts';

let parts: ServerParts;
let relay: Relay;
/** The clock of the relay is so much ahead. */
let ahead: number;

beforeEach(() => {
  // Without a worker: what is started stays as it was started.
  parts = serverParts({ roles: [] });
  const { store, engine } = parts;
  ahead = 0;
  const runtime = { ...parts.runtime, now: () => parts.runtime.now() + ahead };
  relay = new Relay({
    messages: store.messages,
    runtime,
    stats: engine.stats,
    deliverers: [new EventTriggers({ groups: store.eventGroups, starter: engine.starter, runtime })],
  });
});

afterEach(() => parts.engine.stop(0));

async function listening(...configs: Record<string, unknown>[]): Promise<string> {
  const triggers = configs.map((config, at) => ({ id: newId(), name: `on${at}`, type: 'event', config }));
  const { id } = await parts.store.workflows.create(newWorkflow({ status: 'active', triggers }));
  return id;
}

const message = (over: Partial<CloudEvent> = {}): NewMessage => ({
  projectId: DEFAULT_PROJECT,
  event: { specversion: '1.0', id: newId(), source: '/test', type: 'order.created', data: { total: 5 }, ...over },
});

async function send(...messages: NewMessage[]): Promise<void> {
  await parts.store.messages.add(messages);
  await relay.runOnce();
}

const letters = (workflowId: string) =>
  parts.store.deadLetters.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 10 });

/** Oldest first. */
async function started(workflowId: string): Promise<ExecutionRow[]> {
  const rows = await parts.store.executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 100 });
  return rows.reverse();
}

async function heard(workflowId: string): Promise<unknown[]> {
  const rows = await started(workflowId);
  const events = rows.map(async ({ id }) => (await parts.store.executions.events(DEFAULT_PROJECT, id, 0, 1))[0]);
  return (await Promise.all(events)).map((event) => (event?.type === 'execution.created' ? event.data.trigger : null));
}

test('a message starts the workflows that listen for its type, with itself as $trigger', async () => {
  const [exact, pattern, other] = [
    await listening({ event: 'order.created' }),
    await listening({ event: 'order.*' }),
    await listening({ event: 'invoice.*' }),
  ];
  const sent = message();
  await send(sent);
  expect(await heard(exact)).toEqual([sent.event]);
  expect(await heard(pattern)).toEqual([sent.event]);
  expect(await heard(other)).toEqual([]);
  expect(await started(exact)).toMatchObject([{ triggerId: 'on0', version: 1 }]);
});

test('a filter and a topic let through what they say', async () => {
  const rich = await listening({ event: 'order.*', filter: '{{ $trigger.data.total > 100 }}' });
  const topical = await listening({ event: '*', topic: 'orders' });
  const [small, large] = [message(), message({ data: { total: 500 }, topic: 'orders' })];
  await send(small, large);
  expect(await heard(rich)).toEqual([large.event]);
  expect(await heard(topical)).toEqual([large.event]);
});

test('only active workflows of the same project hear it, at once and on their present version', async () => {
  const id = await listening({ event: '*', missed: 'skip' });
  const { store } = parts;
  await send({ ...message(), projectId: newId() });
  await store.workflows.setStatus(DEFAULT_PROJECT, id, 'paused', 1);
  await send(message());
  expect(await heard(id)).toEqual([]);
  await store.workflows.setStatus(DEFAULT_PROJECT, id, 'active', 1);
  await send(message());
  const workflow = await store.workflows.get(DEFAULT_PROJECT, id);
  const trigger = { id: newId(), name: 'on0', type: 'event', config: { event: 'order.created' } };
  await store.workflows.update({
    id,
    projectId: DEFAULT_PROJECT,
    definition: definition(workflow?.name ?? newName()),
    triggers: [trigger],
    now: 2,
  });
  await send(message(), message({ type: 'order.paid' }));
  expect((await started(id)).map(({ version }) => version)).toEqual([1, 2]);
});

test('the same message starts nothing again, in whatever round it comes', async () => {
  const id = await listening({ event: 'order.created' }, { event: 'order.*' });
  const sent = message();
  await send(sent, sent);
  await send(sent);
  expect((await started(id)).map(({ triggerId }) => triggerId).sort()).toEqual(['on0', 'on1']);
  await send(message({ id: sent.event.id, source: '/elsewhere' }));
  expect(await started(id)).toHaveLength(4);
});

test('of a group one is started for each message, and a key stays with one', async () => {
  const group = [await listening({ event: '*', group: 'g' }), await listening({ event: 'order.*', group: 'g' })];
  const alone = await listening({ event: '*' });
  const keys = Array.from({ length: 40 }, (_, at) => message({ partitionkey: `key-${at % 8}` }));
  await send(...keys);
  await send(...keys);
  const all = (await Promise.all(group.map(heard))) as CloudEvent[][];
  expect(all.map((events) => events.length).reduce((sum, count) => sum + count)).toBe(40);
  const keysOf = (events: CloudEvent[] = []) => new Set(events.map((event) => event.partitionkey));
  expect([...keysOf(all[0])].filter((key) => keysOf(all[1]).has(key))).toEqual([]);
  expect(keysOf(all[0]).size).toBeGreaterThan(0);
  expect(keysOf(all[1]).size).toBeGreaterThan(0);
  expect(await heard(alone)).toHaveLength(40);
});

test('a filter that fails keeps the message from its own workflow only, and says which', async () => {
  const broken = await listening({ event: '*', filter: '{{ $trigger.data.total.toFixed(1000) }}' });
  const fine = await listening({ event: '*' });
  const sent = message();
  await send(sent);
  expect(await heard(broken)).toEqual([]);
  expect(await heard(fine)).toEqual([sent.event]);
  const [letter, ...others] = await letters(broken);
  expect(others).toEqual([]);
  const where = { source: 'message', triggerId: 'on0', version: 1, automatic: false, status: 'NEW' };
  expect(letter).toMatchObject({ ...where, error: { code: 'expression_failed' }, executionId: null });
  expect(letter?.error.message).toMatch(/^trigger on0: /);
  await parts.engine.requeue.one(DEFAULT_PROJECT, letter?.id ?? '');
  expect(await heard(broken)).toEqual([sent.event]);
});

test('a start that is refused again and again keeps the message from its own workflow only', async () => {
  const nodes = [{ id: 'a', type: 'gone', config: {} }];
  const trigger = { id: newId(), name: 'on0', type: 'event', config: { event: 'order.*' } };
  const { id: refusing } = await parts.store.workflows.create(
    newWorkflow({ status: 'active', triggers: [trigger], definition: definition(newName(), { nodes }) }),
  );
  const fine = await listening({ event: 'order.created' });
  const [sent, next] = [message({ partitionkey: 'a' }), message({ partitionkey: 'a' })];
  await send(sent, next);
  expect(await letters(refusing)).toEqual([]);
  for (let round = 0; round < 25; round++) {
    ahead += 60_000;
    await relay.runOnce();
  }
  expect(await heard(fine)).toEqual([sent.event, next.event]);
  expect(await started(refusing)).toEqual([]);
  const found = await letters(refusing);
  expect(found).toHaveLength(2);
  expect(found).toMatchObject([{ triggerId: 'on0' }, { triggerId: 'on0' }]);
  expect(await letters(fine)).toEqual([]);
});

test('the message that tells of a letter says whose it is', async () => {
  const id = await listening({ event: 'order.*', filter: '{{ $trigger.data.total.toFixed(1000) }}' });
  const alerted = await listening({ event: 'dead_letter.created' });
  const sent = message({ correlationid: 'c', causationdepth: 3 });
  await send(sent);
  await relay.runOnce();
  const [letter] = await letters(id);
  const about = { letterId: letter?.id, workflowId: id, workflow: letter?.workflowName, executionId: null };
  expect(await heard(alerted)).toMatchObject([
    {
      source: `/dead-letters/${letter?.id}`,
      correlationid: 'c',
      causationid: sent.event.id,
      causationdepth: 3,
      data: about,
    },
  ]);
});

test('requeued with a payload, a message has it for its data', async () => {
  const id = await listening({ event: '*', filter: '{{ $trigger.data.total.toFixed(1000) }}' });
  const sent = message();
  await send(sent);
  const [letter] = await letters(id);
  await parts.engine.requeue.one(DEFAULT_PROJECT, letter?.id ?? '', { total: 7 });
  expect(await heard(id)).toEqual([{ ...sent.event, id: `${sent.event.id}/edited`, data: { total: 7 } }]);
});

test('an execution is one deeper than what caused it, and a message too deep starts nothing', async () => {
  const id = await listening({ event: '*' });
  await send(message(), message({ causationdepth: 7 }), message({ causationdepth: 50, id: 'deep' }));
  const rows = await started(id);
  const events = rows.map(async (row) => (await parts.store.executions.events(DEFAULT_PROJECT, row.id, 0, 1))[0]?.data);
  expect(await Promise.all(events)).toMatchObject([{ depth: 0 }, { depth: 8 }]);
  expect(await letters(id)).toMatchObject([{ error: { code: 'limit_exceeded' } }]);
});

test('one that could not be taken does not stop those after it', async () => {
  const id = await listening({ event: '*', filter: '{{ $trigger.data.total.toFixed($trigger.data.digits) === "5" }}' });
  await send(message({ data: { total: 5, digits: 1000 }, partitionkey: 'a' }));
  await send(message({ data: { total: 5, digits: 0 }, partitionkey: 'a' }));
  expect(await started(id)).toHaveLength(1);
});
