import { beforeEach, describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../core/session/events.ts';
import type { News, Store } from '../../ports/store.ts';
import { creation, following, NOW, newId, ownedCreation } from '../factories.ts';
import { answered, over, projectAll, said, sessionAppend } from '../session-events.ts';

export function sessionSuite(store: () => Store): void {
  describe('streams of sessions', () => {
    let projectId: string;
    const sessions = () => store().sessions;
    const typesOf = async (id: string) => (await sessions().events(projectId, id, 0, 1_000)).map(({ type }) => type);
    const begin = (events: readonly SessionEvent[] = [], key?: string) =>
      sessions().append(projectId, sessionAppend({ events, ...(key !== undefined && { key }) }), 0);

    beforeEach(() => {
      projectId = newId();
    });

    test('an append begins a session, and what it wrote is read back in order', async () => {
      const append = sessionAppend({ events: [said('hello \u0000\u001e there'), answered('hi')] });
      expect(await sessions().append(projectId, append, 0)).toEqual({ id: append.newId, seq: 3 });
      const events = await sessions().events(projectId, append.newId, 0, 10);
      expect(events).toEqual([append.start, ...append.events].map((event, index) => ({ ...event, seq: index + 1 })));
      expect(await sessions().events(projectId, append.newId, 1, 1)).toEqual(events.slice(1, 2));
      expect(await sessions().events(newId(), append.newId, 0, 10)).toEqual([]);
    });

    test('large data is read back whole, and the execution that wrote it is known', async () => {
      const executionId = newId();
      const large = { ...said('x'.repeat(100_000)), executionId };
      const { id } = await begin([large, large]);
      expect(await sessions().events(projectId, id, 1, 10)).toEqual([
        { ...large, seq: 2 },
        { ...large, seq: 3 },
      ]);
    });

    test('who did not read what others wrote is refused, and told the number', async () => {
      const append = sessionAppend({ events: [said('one')] });
      await sessions().append(projectId, append, 0);
      const next = { ...append, events: [said('two')] };
      const refused = { code: 'session_conflict', data: { seq: 2 } };
      await expect(sessions().append(projectId, next, 0)).rejects.toMatchObject(refused);
      await expect(sessions().append(projectId, next, 1)).rejects.toMatchObject(refused);
      await expect(sessions().append(projectId, next, 3)).rejects.toMatchObject(refused);
      expect(await sessions().append(projectId, next, 2)).toEqual({ id: append.newId, seq: 3 });
      expect(await typesOf(append.newId)).toHaveLength(3);
      await expect(sessions().append(projectId, sessionAppend(), 4)).rejects.toMatchObject({
        code: 'session_not_found',
      });
    });

    test('of many who append after the same number, one does', async () => {
      const append = sessionAppend();
      const rivals = (at: number) =>
        Promise.allSettled(
          Array.from({ length: 6 }, () => sessions().append(projectId, { ...append, events: [said('me')] }, at)),
        );
      for (const [at, seq] of [
        [0, 2],
        [2, 3],
      ] as const) {
        const results = await rivals(at);
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const result of results) {
          if (result.status === 'rejected') {
            expect(result.reason).toMatchObject({ code: 'session_conflict', data: { seq } });
          }
        }
        expect(await typesOf(append.newId)).toHaveLength(seq);
      }
    });

    test('nothing is appended to one that has ended', async () => {
      const append = sessionAppend({ events: [over()] });
      await sessions().append(projectId, append, 0);
      const next = { ...append, events: [said('still there?')] };
      await expect(sessions().append(projectId, next, 2)).rejects.toMatchObject({ code: 'session_ended' });
      expect(await sessions().get(projectId, append.newId)).toMatchObject({ status: 'ended', seq: 2 });
    });

    test('is found by id and by key at once, in its project only', async () => {
      const append = sessionAppend({ key: 'k 1', events: [said('one')], category: 'billing', tags: ['a', 'b"c'] });
      await sessions().append(projectId, append, 0);
      const found = await sessions().get(projectId, append.newId);
      expect(found).toMatchObject({ id: append.newId, key: 'k 1', agent: 'helper', userId: 'ada', seq: 2 });
      expect(found).toMatchObject({ status: 'active', category: 'billing', tags: ['a', 'b"c'], messageCount: 0 });
      expect(await sessions().get(projectId, 'k 1')).toEqual(found);
      expect(await sessions().get(newId(), 'k 1')).toBeUndefined();
      expect(await sessions().get(newId(), append.newId)).toBeUndefined();
      const again = sessionAppend({ key: 'k 1' });
      expect(await sessions().append(newId(), again, 0)).toEqual({ id: again.newId, seq: 1 });
    });

    test('commits append; the session begins with the first of them', async () => {
      const heard = Promise.withResolvers<void>();
      await store().listen((news: News) => news === 'sessions' && heard.resolve());
      const [first, second] = [sessionAppend({ events: [said('one')] }), sessionAppend({ events: [said('two')] })];
      const key = first.start.data.key;
      const same = sessionAppend({ key, events: [answered('three')], category: 'late' });
      const owned = ownedCreation(newId(), { projectId, sessions: [first, second] });
      const child = creation({ projectId, sessions: [same] });
      const results = await store().executions.commit([owned, creation({ projectId, children: [child] })]);
      expect(results).toEqual([{ result: 'committed' }, { result: 'committed' }]);
      await heard.promise;
      const said3 = ['agent.session.started', 'user.message.received', 'agent.response.generated'];
      expect(await typesOf(first.newId)).toEqual(said3);
      expect(await typesOf(second.newId)).toEqual(said3.slice(0, 2));
      expect(await sessions().get(projectId, same.newId)).toBeUndefined();
      const more = sessionAppend({ key, events: [over(NOW + 9)] });
      await store().executions.commit([following(owned, { sessions: [more] })]);
      expect(await typesOf(first.newId)).toEqual([...said3, 'agent.session.ended']);
      expect(await sessions().get(projectId, key)).toMatchObject({
        ...{ id: first.newId, seq: 4, status: 'ended', lastActivity: NOW + 9, category: 'late' },
      });
    });

    test('a commit goes on with one that has ended, which says so; a caller is refused', async () => {
      const first = sessionAppend({ events: [said('one'), over(NOW + 1)] });
      const key = first.start.data.key;
      const owned = ownedCreation(newId(), { projectId, sessions: [first] });
      await store().executions.commit([owned]);
      await projectAll(store());
      const nothing = following(owned, { sessions: [sessionAppend({ key, category: 'late' })] });
      await store().executions.commit([nothing]);
      expect(await sessions().get(projectId, key), 'nothing was said').toMatchObject({ status: 'ended', seq: 3 });
      const executionId = newId();
      const two = { ...said('two', NOW + 5), executionId };
      const again = following(nothing, { sessions: [sessionAppend({ key, events: [two] })] });
      const same = creation({ projectId, sessions: [sessionAppend({ key, events: [said('three', NOW + 6)] })] });
      await store().executions.commit([again, same]);
      const events = await sessions().events(projectId, first.newId, 3, 10);
      expect(events).toEqual([
        { type: 'agent.session.reopened', at: NOW + 5, data: {}, executionId, seq: 4 },
        { ...two, seq: 5 },
        expect.objectContaining({ type: 'user.message.received', seq: 6 }),
      ]);
      await projectAll(store());
      const active = { status: 'active', seq: 6, endedAt: null, endReason: null, messageCount: 3 };
      expect(await sessions().get(projectId, key)).toMatchObject(active);
      await store().executions.commit([
        following(again, { sessions: [sessionAppend({ key, events: [over(NOW + 9)] })] }),
      ]);
      expect(await sessions().get(projectId, key)).toMatchObject({ status: 'ended', seq: 7 });
      const more = sessionAppend({ key, events: [said('four')] });
      await expect(sessions().append(projectId, more, 7)).rejects.toMatchObject({ code: 'session_ended' });
    });

    test('a commit that does not stand appends nothing', async () => {
      const [owned, other] = [ownedCreation(newId(), { projectId }), ownedCreation(newId(), { projectId })];
      const keyed = () => creation({ projectId }, { key: { key: 'once', expiresAt: NOW * 2 } });
      await store().executions.commit([owned, other, keyed()]);
      const append = sessionAppend({ events: [said('never')] });
      const results = await store().executions.commit([
        following(owned, { writer: newId(), sessions: [append] }),
        { ...keyed(), sessions: [append] },
        following(other, { sessions: [sessionAppend({ key: 'other' })] }),
      ]);
      expect(results.map(({ result }) => result)).toEqual(['refused', 'duplicate', 'committed']);
      expect(await sessions().get(projectId, append.newId)).toBeUndefined();
      expect(await sessions().get(projectId, 'other')).toMatchObject({ seq: 1 });
    });

    test('many batches append to the same sessions in any order at the same time', async () => {
      const keys = ['a', 'b', 'c', 'd'];
      await Promise.all(
        Array.from({ length: 12 }, (_, at) => {
          const mine = at % 2 === 0 ? keys : [...keys].reverse();
          const appends = mine.map((key) => sessionAppend({ key, events: [said('one'), said('two')] }));
          return store().executions.commit([creation({ projectId, sessions: appends })]);
        }),
      );
      for (const key of keys) {
        const session = await sessions().get(projectId, key);
        expect(session?.seq).toBe(25);
        const events = await sessions().events(projectId, session?.id ?? '', 0, 100);
        expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
        expect(events.filter(({ type }) => type === 'agent.session.started')).toHaveLength(1);
      }
      await projectAll(store());
      expect(await sessions().get(projectId, 'a')).toMatchObject({ messageCount: 24, seq: 25 });
    });
  });
}
