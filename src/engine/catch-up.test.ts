import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CloudEvent } from '../core/cloud-event.ts';
import type { NewMessage } from '../ports/messages.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { type ServerParts, serverParts } from '../testing/api.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { CatchUp } from './catch-up.ts';
import { EventTriggers } from './event-triggers.ts';
import { Relay } from './relay.ts';

let parts: ServerParts;
let relay: Relay;
let catchUp: CatchUp;
/** The clock of both is so much ahead. */
let ahead: number;
let told: string[];
/** Executions before what triggers of a workflow would start, by its id. */
let before: Map<string, number>;

beforeEach(() => {
  // Without a worker: what is started stays as it was started.
  parts = serverParts({ roles: [] });
  const { store, engine } = parts;
  ahead = 0;
  told = [];
  before = new Map();
  const runtime = { ...parts.runtime, now: () => parts.runtime.now() + ahead };
  const { stats } = engine;
  const triggers = new EventTriggers({ groups: store.eventGroups, starter: engine.starter, runtime });
  relay = new Relay({ messages: store.messages, runtime, stats, deliverers: [triggers] });
  catchUp = new CatchUp({
    ...{ groups: store.eventGroups, triggers, runtime, stats },
    executions: { ahead: async ({ workflowId }) => before.get(workflowId) ?? 0 },
    changed: (_, topics) => told.push(...topics),
  });
});

afterEach(() => parts.engine.stop(0));

async function listening(
  config: Record<string, unknown>,
  nodes?: { id: string; type: string; config: Record<string, unknown> }[],
) {
  const triggers = [{ id: newId(), name: 'on', type: 'event', config }];
  const document = definition(newName(), nodes === undefined ? {} : { nodes });
  return (await parts.store.workflows.create(newWorkflow({ status: 'active', triggers, definition: document }))).id;
}

const message = (n: number, over: Partial<CloudEvent> = {}): NewMessage => ({
  projectId: DEFAULT_PROJECT,
  event: { specversion: '1.0', id: newId(), source: '/test', type: 'order.created', data: { n }, ...over },
});

async function send(...messages: NewMessage[]): Promise<void> {
  await parts.store.messages.add(messages);
  await relay.runOnce();
}

const setStatus = (id: string, status: 'active' | 'paused') =>
  parts.store.workflows.setStatus(DEFAULT_PROJECT, id, status, 1);

/** `n` of each message that started one, in their order. */
async function heard(workflowId: string): Promise<unknown[]> {
  const rows = await parts.store.executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 100 });
  const events = rows.reverse().map(async ({ id }) => {
    const [created] = await parts.store.executions.events(DEFAULT_PROJECT, id, 0, 1);
    if (created?.type !== 'execution.created') return undefined;
    return (created.data.trigger as { data: { n: number } }).data.n;
  });
  return await Promise.all(events);
}

const rounds = async (count: number) => {
  for (let n = 0; n < count; n += 1) await catchUp.runOnce();
};

test('a workflow that was paused hears what came meanwhile, and nobody else hears it again', async () => {
  const id = await listening({ event: 'order.*' });
  const other = await listening({ event: '*' });
  await send(message(1));
  await setStatus(id, 'paused');
  await send(message(2), message(3));
  await setStatus(id, 'active');
  await send(message(4));
  expect(await heard(id)).toEqual([1]);
  await rounds(3);
  expect(await heard(id)).toEqual([1, 2, 3, 4]);
  await send(message(5));
  expect(await heard(id)).toEqual([1, 2, 3, 4, 5]);
  expect(await heard(other)).toEqual([1, 2, 3, 4, 5]);
  expect(new Set(told)).toEqual(new Set(['event-groups']));
  expect(parts.engine.stats.caughtUp).toBe(3);
});

test('nothing is started where many stand before it, and one that is full hinders no other', async () => {
  const ids = [await listening({ event: 'order.*' }), await listening({ event: 'order.*' })];
  for (const id of ids) await setStatus(id, 'paused');
  await send(message(1));
  for (const id of ids) await setStatus(id, 'active');
  const [full = '', other = ''] = ids;
  before.set(full, 1_000);
  await rounds(3);
  expect([await heard(full), await heard(other)]).toEqual([[], [1]]);
  before.set(full, 999);
  await rounds(3);
  expect(await heard(full)).toEqual([1]);
});

test('what cannot be taken is tried again, becomes a dead letter, and those behind it go on', async () => {
  const id = await listening({ event: 'order.*' }, [{ id: 'a', type: 'gone', config: {} }]);
  await setStatus(id, 'paused');
  await send(message(1, { partitionkey: 'k' }), message(2, { partitionkey: 'k' }));
  await setStatus(id, 'active');
  const letters = () => parts.store.deadLetters.list({ projectId: DEFAULT_PROJECT, workflowId: id, limit: 10 });
  await rounds(2);
  expect(await letters()).toEqual([]);
  for (let n = 0; n < 25; n += 1) {
    ahead += 60_000;
    await rounds(2);
  }
  expect(await letters()).toHaveLength(2);
  expect(told).toContain('dead-letters');
  const [group] = await parts.store.eventGroups.list(DEFAULT_PROJECT, { limit: 1 });
  expect(group).toMatchObject({ state: 'live', waiting: 0 });
});

test('a group that is set back starts its workflow again with what it reads again', async () => {
  const id = await listening({ event: 'order.*', group: 'g' });
  await send(message(1), message(2));
  await parts.store.eventGroups.reset(DEFAULT_PROJECT, 'group/g', 'earliest', 1);
  await send(message(3));
  await rounds(3);
  expect(await heard(id)).toEqual([1, 2, 1, 2, 3]);
  await send(message(4));
  await rounds(1);
  expect(await heard(id)).toEqual([1, 2, 1, 2, 3, 4]);
});
