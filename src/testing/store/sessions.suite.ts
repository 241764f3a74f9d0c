import { beforeEach, describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../core/session/events.ts';
import type { News, Store } from '../../ports/store.ts';
import { SESSION_FOLDS } from '../../projections/sessions.ts';
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

    test('large data is read back whole, and who wrote it is known', async () => {
      const executionId = newId();
      const by = { key: 'laptop', via: 'browser', name: 'ada' } as const;
      const large = { ...said('x'.repeat(100_000)), executionId, by };
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

    describe('that nobody goes on with', () => {
      const IDLE = 1_000;
      const idle = async (now: number, ms: number | null = IDLE) =>
        (await sessions().idle(now, ms, 1_000)).flatMap((one) => (one.projectId === projectId ? [one.id] : []));
      const later = (now: number, key: string, text: string) =>
        creation({ projectId, sessions: [sessionAppend({ key, events: [said(text, now)] })] });

      test('are idle after their own time, else after that of the server', async () => {
        const [plain, short, long] = [sessionAppend(), own(100), own(5_000)];
        const ended = sessionAppend({ events: [over()] });
        for (const one of [plain, short, long, ended]) await sessions().append(projectId, one, 0);
        await projectAll(store());
        expect(await idle(NOW + 100)).toEqual([]);
        expect(await idle(NOW + 101)).toEqual([short.newId]);
        expect((await idle(NOW + 1_001)).sort()).toEqual([plain.newId, short.newId].sort());
        expect(await idle(NOW + 1_001, null)).toEqual([short.newId]);
        expect(await idle(NOW + 5_001)).toHaveLength(3);
        expect(await sessions().idle(NOW + 5_001, IDLE, 2)).toHaveLength(2);
        const found = await sessions().idle(NOW + 101, null, 1_000);
        expect(found).toContainEqual({ projectId, id: short.newId, seq: 1 });
        await store().executions.commit([later(NOW + 4_500, plain.start.data.key, 'still here')]);
        expect(await idle(NOW + 5_001), 'also where that is not projected').not.toContain(plain.newId);
      });

      const own = (idleMs: number) => {
        const { start, ...append } = sessionAppend();
        return { ...append, start: { ...start, data: { ...start.data, idleMs } } };
      };

      test('are removed with all that was said, but for the figures of their agents', async () => {
        const agent = `agent-${newId()}`;
        const text = { ...said('where is the zebra?'), executionId: newId() };
        const [one, other] = [
          sessionAppend({ agent, tags: ['red'], events: [text, said('x'.repeat(100_000))] }),
          sessionAppend(),
        ];
        for (const append of [one, other]) await sessions().append(projectId, append, 0);
        await projectAll(store());
        const figures = () => sessions().performance({ projectId, agent, limit: 10 });
        const before = await figures();
        expect(before).toMatchObject([{ sessions: 1, messages: 2 }]);
        expect(await sessions().remove(newId(), one.newId)).toBe(false);
        expect(await sessions().remove(projectId, one.newId)).toBe(true);
        expect(await sessions().remove(projectId, one.newId)).toBe(false);
        expect(await sessions().get(projectId, one.start.data.key)).toBeUndefined();
        expect(await sessions().events(projectId, one.newId, 0, 10)).toEqual([]);
        expect(await sessions().timeline(projectId, one.newId, 0, 10)).toEqual([]);
        expect(await sessions().list({ projectId, tags: ['red'], limit: 10 })).toEqual([]);
        expect(await sessions().list({ projectId, limit: 10 })).toHaveLength(1);
        expect(await sessions().recall({ projectId, text: 'zebra', limit: 10 })).toEqual([]);
        expect((await sessions().active()).map((found) => found.agent)).not.toContain(agent);
        await sessions().rebuild(projectId, 'agent_performance_daily', SESSION_FOLDS, () => {});
        expect(await figures()).toEqual(before);
        const again = sessionAppend({ key: one.start.data.key });
        expect(await sessions().append(projectId, again, 0)).toEqual({ id: again.newId, seq: 1 });
      });

      test('go by their age after their end, as many as are asked for', async () => {
        const keys = ['old 1', 'old 2', 'old 3'];
        for (const key of keys) await sessions().append(projectId, sessionAppend({ key, events: [over(NOW + 1)] }), 0);
        await sessions().append(projectId, sessionAppend({ key: 'young', events: [over(NOW + 9)] }), 0);
        await sessions().append(projectId, sessionAppend({ key: 'active' }), 0);
        await projectAll(store());
        await store().executions.commit([later(NOW + 1, 'old 3', 'I am back')]);
        const gone: string[] = [];
        for (let round = 0; round < 1_000; round += 1) {
          const removed = await sessions().removeEnded(NOW + 9, 1);
          if (removed.length === 0) break;
          gone.push(...removed.flatMap((one) => (one.projectId === projectId ? [one.id] : [])));
        }
        expect(gone).toHaveLength(2);
        const left = await Promise.all([...keys, 'young', 'active'].map((key) => sessions().get(projectId, key)));
        expect(left.map((one) => one?.key)).toEqual([undefined, undefined, 'old 3', 'young', 'active']);
      });
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
