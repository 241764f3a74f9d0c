import { beforeEach, describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../core/cloud-event.ts';
import type { NewMessage, OutboxMessage, Relayed } from '../../ports/outbox.ts';
import type { News, Store } from '../../ports/store.ts';
import { creation, endedCreation, FAILURE, following, HOUR, NOW, newId, ownedCreation } from '../factories.ts';

const NOTHING: Relayed = { done: [], putOff: [] };
const all = (messages: readonly OutboxMessage[]): Relayed => ({ done: messages.map(({ id }) => id), putOff: [] });

export function outboxSuite(store: () => Store): void {
  describe('the outbox', () => {
    const project = newId();
    const message = (id: string, over: Partial<CloudEvent> = {}, rest: Partial<NewMessage> = {}): NewMessage => ({
      projectId: project,
      event: { specversion: '1.0', id, source: '/test', type: 'a.b', data: { of: id }, ...over },
      ...rest,
    });
    const add = (...messages: NewMessage[]) => store().outbox.add(messages);
    const relay = (deliver: (messages: readonly OutboxMessage[]) => Relayed, now = NOW, limit = 100) =>
      store().outbox.relay(now, limit, async (messages) => deliver(messages));
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
        const one = messages.find(({ event }) => event.id === id) as OutboxMessage;
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
      const seen: OutboxMessage[] = [];
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
      await add(message('1'), message('2'), message('3'));
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
        return store().outbox.add((at % 2 === 0 ? pair : pair.reverse()).map((one) => ({ ...one, projectId: RIVALS })));
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
      const first = store().outbox.relay(NOW, 10, async (messages) => {
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
      const broken = store().outbox.relay(NOW, 10, async () => {
        throw new Error('gone');
      });
      await expect(broken).rejects.toThrow('gone');
      expect(await waiting()).toEqual(['1']);
    });

    test('says how long the oldest has waited', async () => {
      expect(await store().outbox.lag()).toBe(0);
      await add(message('1'));
      expect(await store().outbox.lag()).toBeGreaterThanOrEqual(0);
    });
  });
}

const RIVALS = newId();
