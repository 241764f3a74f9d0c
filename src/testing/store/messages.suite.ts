import { beforeEach, describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../core/cloud-event.ts';
import type { LoggedMessage, MessageFilter, NewMessage, Relayed } from '../../ports/messages.ts';
import type { News, Store } from '../../ports/store.ts';
import { creation, endedCreation, FAILURE, following, HOUR, NOW, newId, ownedCreation } from '../factories.ts';

const NOTHING: Relayed = { done: [], putOff: [] };
const all = (messages: readonly LoggedMessage[]): Relayed => ({ done: messages.map(({ id }) => id), putOff: [] });

export function messageSuite(store: () => Store): void {
  describe('messages', () => {
    const project = newId();
    const message = (id: string, over: Partial<CloudEvent> = {}, rest: Partial<NewMessage> = {}): NewMessage => ({
      projectId: project,
      event: { specversion: '1.0', id, source: '/test', type: 'a.b', data: { of: id }, ...over },
      ...rest,
    });
    const add = (...messages: NewMessage[]) => store().messages.add(messages);
    const relay = (deliver: (messages: readonly LoggedMessage[]) => Relayed, now = NOW, limit = 100) =>
      store().messages.relay(now, limit, async (messages) => deliver(messages));
    /** Ids of the messages that are handed over; they stay. */
    const waiting = async (now = NOW, limit = 100): Promise<string[]> => {
      let ids: string[] = [];
      await relay(
        (messages) => {
          ids = messages.map(({ event }) => event.id);
          return NOTHING;
        },
        now,
        limit,
      );
      return ids;
    };
    const putOff = (id: string, until: number) =>
      relay((messages) => {
        const one = messages.find(({ event }) => event.id === id) as LoggedMessage;
        return { done: [], putOff: [{ id: one.id, error: FAILURE, until }] };
      });

    beforeEach(async () => {
      for (;;) {
        const handed = await relay(all, Number.MAX_SAFE_INTEGER);
        if (handed === 0) return;
      }
    });

    test('hands messages over in the order they were written, until they are done', async () => {
      expect(await add(message('1'), message('2'))).toBe(2);
      expect(await add(message('3', { partitionkey: 'k', topic: 't', data: 'a\u0000b\u001ec' }))).toBe(1);
      const seen: LoggedMessage[] = [];
      expect(
        await relay((messages) => {
          seen.push(...messages);
          return { done: messages.slice(0, 2).map(({ id }) => id), putOff: [] };
        }),
      ).toBe(3);
      expect(seen.map(({ event }) => event.id)).toEqual(['1', '2', '3']);
      expect(seen[2]).toMatchObject({
        ...message('3', { partitionkey: 'k', topic: 't', data: 'a\u0000b\u001ec' }),
        attempts: 0,
      });
      expect(await waiting()).toEqual(['3']);
    });

    test('hands over no more than wanted, the oldest first', async () => {
      const key = { partitionkey: 'k' };
      await add(message('1', key), message('2', key), message('3', key));
      expect(await waiting(NOW, 2)).toEqual(['1', '2']);
    });

    test('hands over nothing where nothing waits', async () => {
      expect(await relay(all)).toBe(0);
    });

    test('messages leave with the commit that carries them, and not with one that is refused', async () => {
      const heard = Promise.withResolvers<void>();
      await store().listen((news: News) => news === 'messages' && heard.resolve());
      const owned = ownedCreation(newId(), { messages: [message('created')] });
      const results = await store().executions.commit([
        owned,
        endedCreation({ messages: [message('first'), message('second')] }),
        creation({ children: [creation({ messages: [message('of a child')] })] }),
      ]);
      expect(results.map(({ result }) => result)).toEqual(['committed', 'committed', 'committed']);
      await heard.promise;
      expect((await waiting()).sort()).toEqual(['created', 'first', 'of a child', 'second']);
      const stranger = following(owned, { writer: newId(), messages: [message('never')] });
      expect(await store().executions.commit([stranger])).toEqual([{ result: 'refused' }]);
      expect(await waiting()).not.toContain('never');
    });

    test('a message of the same source and id comes once until it expires', async () => {
      const once = (id: string, over: Partial<CloudEvent> = {}, uniqueUntil = NOW + HOUR) =>
        message(id, over, { uniqueUntil });
      expect(await add(once('1'), once('1'), once('2'))).toBe(2);
      expect(await add(once('2'), once('1', { source: '/other' }), once('1'))).toBe(1);
      expect(await add({ ...once('1'), projectId: newId() })).toBe(1);
      expect(await add(once('old', {}, NOW - HOUR), once('new'))).toBe(2);
      expect(await add(once('old'), once('new'))).toBe(1);
      await store().executions.tidy(NOW);
      expect(await add(once('old'))).toBe(0);
      expect(await waiting()).toEqual(['1', '2', '1', '1', 'old', 'new', 'old']);
    });

    test('of many who send the same at the same time, one message is kept', async () => {
      const rivals = Array.from({ length: 8 }, (_, at) => {
        const pair = [message('a', {}, { uniqueUntil: NOW + HOUR }), message('b', {}, { uniqueUntil: NOW + HOUR })];
        return store().messages.add(
          (at % 2 === 0 ? pair : pair.reverse()).map((one) => ({ ...one, projectId: RIVALS })),
        );
      });
      expect((await Promise.all(rivals)).reduce((sum, one) => sum + one)).toBe(2);
    });

    test('one that is put off holds back what follows it under its key, and nothing else', async () => {
      await add(message('a1', { partitionkey: 'a' }), message('b1', { partitionkey: 'b' }), message('no key'));
      await add(message('a2', { partitionkey: 'a' }), message('no key either'));
      await add({ ...message('other project', { partitionkey: 'a' }), projectId: newId() });
      await putOff('a1', NOW + 1000);
      await putOff('no key', NOW + 1000);
      expect(await waiting(NOW + 999)).toEqual(['b1', 'no key either', 'other project']);
      expect(await waiting(NOW + 1000)).toEqual(['a1', 'b1', 'no key', 'a2', 'no key either', 'other project']);
      let attempts: number[] = [];
      await relay((messages) => {
        attempts = messages.map((one) => one.attempts);
        return all(messages);
      }, NOW + 1000);
      expect(attempts).toEqual([1, 0, 1, 0, 0, 0]);
    });

    test('one process at a time, and the next when it is done', async () => {
      await add(message('1'));
      const inside = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const first = store().messages.relay(NOW, 10, async (messages) => {
        inside.resolve();
        await finish.promise;
        return all(messages);
      });
      await inside.promise;
      expect(await relay(all)).toBeNull();
      finish.resolve();
      expect(await first).toBe(1);
      expect(await relay(all)).toBe(0);
    });

    test('a delivery that breaks off changes nothing', async () => {
      await add(message('1'));
      const broken = store().messages.relay(NOW, 10, async () => {
        throw new Error('gone');
      });
      await expect(broken).rejects.toThrow('gone');
      expect(await waiting()).toEqual(['1']);
    });

    test('what is delivered stays in the log, to be looked at and read again', async () => {
      const mine = newId();
      const said = (id: string, over: Partial<CloudEvent>) => ({ ...message(id, over), projectId: mine });
      await add(said('1', { type: 'order.made' }), said('2', { type: 'order.item.added', topic: 't' }));
      await add(said('3', { type: 'orders.made', partitionkey: 'k' }), said('4', { type: 'order.made', topic: 't' }));
      await relay(all);
      const found = async (over: Partial<MessageFilter>) => {
        const filter = { projectId: mine, ...over };
        const rows = await store().messages.read({ ...filter, limit: 10 });
        const listed = await store().messages.list({ ...filter, limit: 10 });
        expect(listed.map(({ id }) => id).reverse()).toEqual(rows.map(({ id }) => id));
        expect(await store().messages.count(filter)).toBe(rows.length);
        expect(await store().messages.count(filter, 3)).toBe(Math.min(3, rows.length));
        return rows.map(({ event }) => event.id);
      };
      expect(await found({})).toEqual(['1', '2', '3', '4']);
      expect(await found({ type: 'order.*' })).toEqual(['1', '2', '4']);
      expect(await found({ type: 'order.made' })).toEqual(['1', '4']);
      expect(await found({ topic: 't' })).toEqual(['2', '4']);
      expect(await found({ key: 'k' })).toEqual(['3']);
      expect(await found({ projectId: newId() })).toEqual([]);
      const rows = await store().messages.list({ projectId: mine, limit: 2 });
      const [newest, last] = rows.map(({ id }) => id) as [number, number];
      expect(rows[0]?.event).toEqual(said('4', { type: 'order.made', topic: 't' }).event);
      expect(
        (await store().messages.list({ projectId: mine, before: last, limit: 9 })).map((one) => one.event.id),
      ).toEqual(['2', '1']);
      expect((await store().messages.read({ projectId: mine, after: last, limit: 9 })).map((one) => one.id)).toEqual([
        newest,
      ]);
      expect(await store().messages.get(mine, newest)).toEqual(rows[0]);
      expect(await store().messages.get(newId(), newest)).toBeUndefined();
      const written = rows[0]?.createdAt as number;
      expect(await found({ from: written + HOUR })).toEqual([]);
      expect(await found({ from: written - HOUR, to: written + HOUR })).toHaveLength(4);
      expect(await found({ to: written - HOUR })).toEqual([]);
    });

    test('what is not delivered is never forgotten', async () => {
      const mine = newId();
      await add({ ...message('waits'), projectId: mine });
      await store().messages.forget(Date.now() + 10 * 24 * HOUR);
      expect(await waiting()).toEqual(['waits']);
      expect(await store().messages.count({ projectId: mine })).toBe(1);
    });

    test('says how long the oldest has waited', async () => {
      expect(await store().messages.lag()).toBe(0);
      await add(message('1'));
      expect(await store().messages.lag()).toBeGreaterThanOrEqual(0);
    });
  });
}

const RIVALS = newId();
