import { beforeEach, describe, expect, test } from 'vitest';
import { admit, type Look } from '../../core/flow/admit.ts';
import type { Gather } from '../../core/flow/plan.ts';
import type { Gate, Ticket } from '../../core/flow/ticket.ts';
import type { News, Store } from '../../ports/store.ts';
import {
  type Creation,
  creation,
  executionCreated,
  FAILURE,
  failing,
  following,
  HOUR,
  newId,
  newWorkflow,
  ownedCreation,
  signalTo,
} from '../factories.ts';
import { COMMITTED } from './commit.suite.ts';
import { claimAll, claimAs, drainQueue, signalsOf } from './drain.ts';

export function flowSuite(store: () => Store): void {
  beforeEach(() => drainQueue(store()));

  const commit = (...commits: Parameters<Store['executions']['commit']>[0]) => store().executions.commit(commits);
  const look = (after: string, lanes = 100) => store().flow.admit(after, lanes, admit);
  /** Looks until nothing more is found. */
  const settle = async (after: string) => {
    for (;;) {
      const found = await look(after);
      if (found?.more !== true) return found;
    }
  };
  const seen = async (after: string, lanes = 100): Promise<Look> => {
    let last: Look | undefined;
    await store().flow.admit(after, lanes, (what) => {
      last = what;
      return { admit: [], drop: [], move: [], batch: [], since: [], nextAt: null, more: false };
    });
    return last as Look;
  };

  /** A lane of its own with a limit, behind all that other tests have left, for ids become greater; a ticket for it. */
  function lane(limit = 1, perMs: number | null = null) {
    const name = `${newId()}:${perMs === null ? 'concurrency' : 'rate'}:`;
    return { name, after: before(name), ticket: ticketOf([{ lane: name, limit, perMs }]) };
  }
  const before = (name: string) => name.slice(0, -1);
  const ticketOf = (gates: Gate[], over: Partial<Ticket> = {}): Ticket => {
    return { lane: gates.map((one) => one.lane).join('|'), depth: 10, gather: null, size: 0, gates, ...over };
  };
  const held = (ticket: Ticket, over: Partial<Creation> = {}): Creation => creation(over, { ticket });
  const hold = async (ticket: Ticket, count = 1): Promise<Creation[]> => {
    const all = Array.from({ length: count }, () => held(ticket));
    expect(await commit(...all)).toEqual(all.map(() => COMMITTED));
    return all;
  };
  const idsOf = (all: readonly Creation[]) => all.map(({ executionId }) => executionId);
  const claimed = async () => (await claimAll(store(), newId())).sort();

  /** Claims what was admitted, and ends it as the worker would. */
  async function end(...all: readonly Creation[]): Promise<void> {
    const owner = newId();
    await claimAll(store(), owner);
    const over = { writer: owner, owner: null, status: 'completed', finishedAt: 1, frees: true } as const;
    expect(await commit(...all.map((one) => following(one, over)))).toEqual(all.map(() => COMMITTED));
  }

  describe('what is held', () => {
    test('is not given to a worker before it is admitted', async () => {
      const { after, ticket } = lane(1);
      const [first] = await hold(ticket);
      expect(await claimed()).toEqual([]);
      expect(await look(after)).toMatchObject({ admitted: 1 });
      expect(await claimAs(store(), newId(), 10)).toMatchObject([{ id: first?.executionId, held: false }]);
    });

    test('is given for a cancel, as held; given back, it is held still', async () => {
      const { after, ticket } = lane(1);
      const [first] = (await hold(ticket)) as [Creation];
      await store().executions.post(signalTo(first, { type: 'pause', reason: 'a test' }));
      expect(await claimed()).toEqual([]);
      await store().executions.post(signalTo(first));
      const owner = newId();
      expect(await claimAs(store(), owner, 10)).toMatchObject([{ id: first.executionId, held: true }]);
      expect(await store().executions.release(owner)).toBe(1);
      expect(await look(after)).toMatchObject({ admitted: 0 });
      expect(await claimAs(store(), owner, 10)).toMatchObject([{ held: true }]);
      const canceled = { status: 'canceled', writer: owner, owner: null, frees: true } as const;
      expect(await commit(following(first, canceled))).toEqual([COMMITTED]);
      expect(await store().flow.place(first.projectId, first.executionId)).toBeUndefined();
      expect(await claimed()).toEqual([]);
    });

    test('tells that it waits, and its end that there is room', async () => {
      const heard: News[] = [];
      let told = Promise.withResolvers<void>();
      await store().listen((news) => {
        heard.push(news);
        if (news === 'flow') told.resolve();
      });
      const { after, ticket } = lane(1);
      told = Promise.withResolvers<void>();
      const [first] = (await hold(ticket)) as [Creation];
      await told.promise;
      await look(after);
      told = Promise.withResolvers<void>();
      await end(first);
      await told.promise;
      expect(heard).toContain('flow');
    });

    test('a duplicate of a key leaves no ticket', async () => {
      const { after, ticket } = lane(1);
      const projectId = newId();
      const keyed = () => creation({ projectId }, { ticket, key: { key: 'a', expiresAt: Date.now() + HOUR } });
      const first = keyed();
      expect(await commit(first, keyed())).toEqual([COMMITTED, { result: 'duplicate', of: first.executionId }]);
      expect((await seen(after)).lanes[0]?.tickets).toHaveLength(1);
    });

    test('is begun with what its parent committed', async () => {
      const { after, ticket } = lane(1);
      const child = held(ticket);
      await commit(ownedCreation(newId(), { children: [child] }));
      expect(await claimed()).toEqual([]);
      expect(await look(after)).toMatchObject({ admitted: 1 });
      expect(await claimed()).toEqual([child.executionId]);
    });
  });

  describe('admission', () => {
    test('lets in as many as the limit, in the order of acceptance, and the next when one ends', async () => {
      const { after, ticket } = lane(2);
      const [a, b, c, d] = (await hold(ticket, 4)) as [Creation, Creation, Creation, Creation];
      expect(await look(after)).toMatchObject({ admitted: 2 });
      expect(await look(after)).toMatchObject({ admitted: 0, more: false, dueMs: null });
      const owner = newId();
      expect((await claimAll(store(), owner)).sort()).toEqual([a.executionId, b.executionId]);
      const over = { writer: owner, owner: null, status: 'completed', frees: true } as const;
      expect(await commit(following(a, over))).toEqual([COMMITTED]);
      expect(await look(after)).toMatchObject({ admitted: 1 });
      expect(await claimed()).toEqual([c.executionId]);
      expect((await seen(after)).lanes[0]?.tickets.map((one) => one.executionId)).toEqual([d.executionId]);
    });

    test('a rate has room again when its time is over', async () => {
      const { after, ticket, name } = lane(2, HOUR);
      const all = await hold(ticket, 3);
      const found = await look(after);
      expect(found).toMatchObject({ admitted: 2, more: false });
      expect(found?.dueMs).toBeGreaterThan(HOUR - 60_000);
      expect(found?.dueMs).toBeLessThanOrEqual(HOUR);
      await end(...all.slice(0, 2));
      expect(await look(after)).toMatchObject({ admitted: 0 });
      expect((await seen(after)).taken.get(name)).toMatchObject({ count: 2, freeAt: expect.any(Number) });
      const short = lane(1, 1);
      await hold(short.ticket, 2);
      for (let admitted = 0; admitted < 2; ) admitted += (await look(short.after, 1))?.admitted ?? 0;
    });

    test('lanes are found one behind the other, some at a time', async () => {
      const lanes = Array.from({ length: 5 }, () => lane(1));
      for (const { ticket } of lanes) await hold(ticket, 2);
      const names = lanes.map(({ name }) => name).sort();
      const first = await look(before(names[0] as string), 2);
      expect(first).toMatchObject({ admitted: 2, next: names[1] });
      expect(await look(first?.next as string, 2)).toMatchObject({ admitted: 2, next: names[3] });
      expect(await look(names[3] as string, 2)).toMatchObject({ admitted: 1, next: null });
      expect((await seen(names[0] as string, 1)).lanes).toMatchObject([{ more: false }]);
    });

    test('a lane is seen to its depth, and that there is more', async () => {
      const { after, ticket } = lane(50);
      await hold({ ...ticket, depth: 3 }, 5);
      const { lanes } = await seen(after);
      expect(lanes[0]).toMatchObject({ more: true });
      expect(lanes[0]?.tickets).toHaveLength(3);
      expect(await look(after)).toMatchObject({ admitted: 3, more: true });
      expect(await look(after)).toMatchObject({ admitted: 2, more: false });
    });

    test('what goes on after its end takes its slot again, also above the limit', async () => {
      const { after, ticket, name } = lane(1);
      const [first] = (await hold(ticket, 2)) as [Creation, Creation];
      await look(after);
      const owner = newId();
      await claimAll(store(), owner);
      await commit(failing(first, { writer: owner, frees: true }));
      await look(after);
      await store().executions.post(signalTo(first, { type: 'retry', reason: 'a test' }));
      const next = newId();
      await claimAll(store(), next);
      const again = following(first, { firstSeq: 3, writer: next, owner: next, takes: [name] });
      expect(await commit(again)).toEqual([COMMITTED]);
      await hold(ticket);
      expect((await seen(after)).taken.get(name)?.count).toBe(2);
      expect(await look(after)).toMatchObject({ admitted: 0 });
    });

    test('what is set aside gives up its place and its slots', async () => {
      const { after, ticket } = lane(1);
      const [first, second, third] = (await hold(ticket, 3)) as [Creation, Creation, Creation];
      await look(after);
      await store().executions.quarantine(first.executionId, FAILURE);
      await store().executions.quarantine(second.executionId, FAILURE);
      expect(await look(after)).toMatchObject({ admitted: 1 });
      expect(await claimed()).toEqual([third.executionId]);
    });

    test('never two at a time: lanes that share a limit, looked at at once, do not pass it', async () => {
      const shared = { lane: `${newId()}:concurrency:`, limit: 3, perMs: null };
      const lanes = Array.from({ length: 12 }, () => `${newId()}:session:`);
      const tickets = lanes.map((name) => ticketOf([shared, { lane: name, limit: 1, perMs: null }], { lane: name }));
      await commit(...tickets.map((ticket) => held(ticket)));
      const looks = await Promise.all(lanes.map((name) => look(before(name), 1)));
      const admitted = looks.reduce((sum, one) => sum + (one?.admitted ?? 0), 0);
      expect(admitted).toBeGreaterThan(0);
      expect(admitted).toBeLessThanOrEqual(3);
      await settle(before(lanes[0] as string));
      expect(await claimed()).toHaveLength(3);
    });
  });

  describe('gathering', () => {
    const gathering = (gather: Gather, gates: Gate[] = []) => {
      const name = `${newId()}:${gather.kind}:`;
      const size = gather.kind === 'batch' ? gather.size : 100;
      return { after: before(name), ticket: { lane: name, depth: size, gather, size: 1, gates } as Ticket };
    };

    test('debounce: the others end for the latest, which begins when its time has come', async () => {
      const { after, ticket } = gathering({ kind: 'debounce', waitMs: HOUR, maxMs: null });
      const [a, b, c] = (await hold(ticket, 3)) as [Creation, Creation, Creation];
      const first = (await seen(after)).lanes[0]?.tickets[0]?.since as number;
      const found = await settle(after);
      expect(found?.dueMs).toBeGreaterThan(HOUR - 60_000);
      expect(await claimed()).toEqual([a.executionId, b.executionId]);
      const reason = expect.stringContaining(c.executionId);
      expect(await signalsOf(store(), a.executionId)).toEqual([{ type: 'cancel', reason }]);
      expect((await seen(after)).lanes[0]?.tickets).toMatchObject([{ executionId: c.executionId, since: first }]);
      const at = (ms: number) => store().flow.admit(after, 10, (what) => admit({ ...what, now: what.now + ms }));
      expect(await at(HOUR - 60_000)).toMatchObject({ admitted: 0 });
      expect(await at(HOUR)).toMatchObject({ admitted: 1 });
      expect(await claimed()).toEqual([c.executionId]);
    });

    test('batch: the first hears what started all of them, before it begins', async () => {
      const { after, ticket } = gathering({ kind: 'batch', waitMs: HOUR, size: 3 });
      const large = 'x'.repeat(100_000);
      const triggers = [{ n: 1 }, { n: large }, { n: 'NUL \u0000' }];
      const all = triggers.map((trigger) => held(ticket, { events: [executionCreated(trigger)] }));
      await commit(...all);
      expect(await settle(after)).toMatchObject({ admitted: 1 });
      const [first, ...rest] = idsOf(all) as [string, string, string];
      expect(await signalsOf(store(), first)).toEqual([{ type: 'gather', triggers }]);
      expect(await claimed()).toEqual([first, ...rest].sort());
      for (const id of rest) {
        const reason = expect.stringContaining(first);
        expect(await signalsOf(store(), id)).toEqual([{ type: 'cancel', reason }]);
      }
    });

    test('batch: while its first is being canceled, nobody is gathered into it', async () => {
      const { after, ticket } = gathering({ kind: 'batch', waitMs: HOUR, size: 2 });
      const [first, second] = (await hold(ticket, 2)) as [Creation, Creation];
      await store().executions.post(signalTo(first));
      expect(await look(after)).toMatchObject({ admitted: 0, more: false });
      expect(await signalsOf(store(), second.executionId)).toEqual([]);
      const owner = newId();
      await claimAs(store(), owner, 10);
      await commit(following(first, { writer: owner, owner: null, status: 'canceled', frees: true }));
      expect((await seen(after)).lanes[0]?.tickets).toMatchObject([{ executionId: second.executionId }]);
    });

    test('what has gathered waits at its gates then, behind those that are there', async () => {
      const { name, after: gates, ticket: plain } = lane(1);
      const { after, ticket } = gathering({ kind: 'batch', waitMs: HOUR, size: 2 }, plain.gates as Gate[]);
      const early = await hold(ticket, 2);
      const late = await hold(plain, 2);
      expect(await look(after)).toMatchObject({ admitted: 0, more: true });
      const waiting = (await seen(gates)).lanes.find((one) => one.tickets[0]?.ticket.lane === name)?.tickets;
      expect(waiting?.map((one) => one.executionId)).toEqual([...idsOf(late), early[0]?.executionId]);
      expect(waiting?.at(-1)).toMatchObject({ ticket: { gather: null }, queuedAt: expect.any(Number) });
      const at = await store().flow.place(early[0]?.projectId as string, early[0]?.executionId as string);
      expect(at).toMatchObject({ ahead: 2, ticket: { lane: name } });
    });
  });

  describe('what people ask', () => {
    test('where an execution waits, and behind how many', async () => {
      const { after, ticket } = lane(1);
      const all = (await hold(ticket, 3)) as [Creation, Creation, Creation];
      const place = (one: Creation, projectId = one.projectId) => store().flow.place(projectId, one.executionId);
      expect(await place(all[2])).toMatchObject({ ticket, ahead: 2 });
      expect(await place(all[2], newId())).toBeUndefined();
      await look(after);
      expect(await place(all[0])).toBeUndefined();
      expect(await place(all[1])).toMatchObject({ ahead: 0 });
    });

    test('how many wait and run in each lane of a project', async () => {
      const projectId = newId();
      const workflow = newWorkflow();
      await store().workflows.create(workflow);
      const name = `${workflow.id}:concurrency:"a"`;
      const rate = { lane: `${newId()}:rate:`, limit: 5, perMs: HOUR };
      const ticket = ticketOf([{ lane: name, limit: 1, perMs: null }, rate], { lane: `${name}|x` });
      await commit(...Array.from({ length: 3 }, () => held(ticket, { projectId })), held(ticket));
      const gather = { kind: 'debounce', waitMs: HOUR, maxMs: null } as const;
      const debounced = ticketOf(ticket.gates as Gate[], { lane: `${workflow.id}:debounce:`, gather });
      await commit(held(debounced, { projectId }));
      await look(before(name), 1);
      expect(await store().flow.lanes(projectId, 10)).toEqual([
        { lane: name, workflowName: workflow.definition.name, taken: 1, waiting: 2 },
        { lane: rate.lane, workflowName: '(deleted)', taken: 1, waiting: 2 },
        { lane: debounced.lane, workflowName: workflow.definition.name, taken: 0, waiting: 1 },
      ]);
      expect(await store().flow.lanes(projectId, 1)).toHaveLength(1);
      expect(await store().flow.lanes(newId(), 10)).toEqual([]);
    });

    test('how many wait in all', async () => {
      const before = await store().flow.waiting();
      await hold(lane(1).ticket, 2);
      expect(await store().flow.waiting()).toBe(before + 2);
    });

    test('what has expired is tidied, what is held stays', async () => {
      const [rate, plain] = [lane(1, 1), lane(1)];
      await hold(rate.ticket);
      await hold(plain.ticket, 2);
      await look(rate.after);
      await look(plain.after);
      await store().executions.tidy(Date.now() + HOUR);
      expect((await seen(plain.after)).taken.get(plain.name)).toMatchObject({ count: 1 });
    });
  });
}
