import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { Ticket } from '../core/flow/ticket.ts';
import { creation, newId } from '../testing/factories.ts';
import { Room } from './room.ts';

const FULL = 10_001;

/** A trigger that has so many executions before it, and how often it waits while `free` makes room. */
async function full(parts: { readonly queued?: number; readonly held?: number }) {
  const runtime = systemRuntime('silent');
  const store = memoryStore(runtime).executions;
  const place = { projectId: newId(), workflowId: newId(), triggerId: 'orders' };
  const lane = `${place.workflowId}:session:`;
  const ticket: Ticket = { lane, depth: 1, gather: null, size: 0, gates: [{ lane, limit: 1, perMs: null }] };
  const start = (more: object) =>
    creation({ projectId: place.projectId }, { workflowId: place.workflowId, triggerId: 'orders', ...more });
  const waiting = [
    ...Array.from({ length: parts.queued ?? 0 }, () => start({})),
    ...Array.from({ length: parts.held ?? 0 }, () => start({ ticket })),
  ];
  await store.commit(waiting);
  const end = () => store.quarantine(waiting.pop()?.executionId ?? '', { code: 'x', kind: 'permanent', message: '' });
  const looks = async (of: Partial<typeof place> = {}, free = end) => {
    let sleeps = 0;
    let clock = 0;
    const sleep = async (ms: number) => {
      [sleeps, clock] = [sleeps + 1, clock + ms];
      if (sleeps === 3) await free();
    };
    const room = new Room(store, { now: () => clock, sleep }, { ...place, ...of });
    await room.wait(new AbortController().signal);
    return sleeps;
  };
  return { looks };
}

test('a trigger waits while very many of its project wait for a worker, until there is room', async () => {
  expect(await (await full({ queued: FULL })).looks()).toBe(3);
  expect(await (await full({ queued: FULL - 1 })).looks()).toBe(0);
});

test('what is held of a trigger stops that one, and no other', async () => {
  const { looks } = await full({ held: FULL });
  expect(await looks({ triggerId: 'other' })).toBe(0);
  expect(await looks({ workflowId: newId() })).toBe(0);
  expect(await looks()).toBe(3);
  expect(await (await full({ queued: FULL - 10, held: 10 })).looks()).toBe(3);
});

test('what waits in one project stops no trigger of another', async () => {
  const { looks } = await full({ queued: FULL });
  expect(await looks({ projectId: newId() })).toBe(0);
});

test('nobody waits when the trigger is over', async () => {
  const over = AbortSignal.abort();
  const store = { ahead: async () => FULL };
  const sleep = async () => undefined;
  const place = { projectId: newId(), workflowId: newId(), triggerId: 'orders' };
  await new Room(store, { now: () => 0, sleep }, place).wait(over);
});
