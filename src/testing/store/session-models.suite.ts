import { beforeEach, describe, expect, test } from 'vitest';
import { fold } from '../../core/session/evolve.ts';
import { PROJECTIONS, type SessionFolds, type SessionQuery } from '../../ports/sessions.ts';
import type { Store } from '../../ports/store.ts';
import { SESSION_FOLDS } from '../../projections/sessions.ts';
import { NOW, newId } from '../factories.ts';
import { answered, over, projectAll, remembered, responded, said, sessionAppend, toolDone } from '../session-events.ts';

const DAY = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function sessionModelSuite(store: () => Store): void {
  describe('read models of sessions', () => {
    let projectId: string;
    const sessions = () => store().sessions;
    const begin = async (...given: Parameters<typeof sessionAppend>) => {
      const append = sessionAppend(...given);
      await sessions().append(projectId, append, 0);
      return append;
    };
    const list = async (query: Partial<SessionQuery> = {}) =>
      (await sessions().list({ projectId, limit: 50, ...query })).map(({ key }) => key);
    const performance = (query: object = {}) => sessions().performance({ projectId, limit: 50, ...query });

    beforeEach(async () => {
      projectId = newId();
      await projectAll(store());
    });

    test('a session is summed up, as it grows', async () => {
      const usage = { inputTokens: 100, outputTokens: 20 };
      const first = [said('hello', NOW + 1), responded({ usage, cost: 30 }), toolDone(), toolDone(false)];
      const append = await begin({ events: first, tags: ['x'] });
      expect(await list()).toEqual([]);
      expect(await sessions().project(10, SESSION_FOLDS)).toEqual([projectId]);
      expect(await sessions().project(10, SESSION_FOLDS)).toEqual([]);
      const [before] = await sessions().list({ projectId, limit: 1 });
      expect(before).toMatchObject({
        messageCount: 1,
        lastUserMessage: 'hello',
        lastResponse: null,
        lastRole: 'user',
        seq: 5,
      });
      const more = { ...append, events: [responded({ usage, cost: 4 }), answered('done', NOW + 5), over(NOW + 6)] };
      await sessions().append(projectId, more, 5);
      await projectAll(store());
      const expected = {
        ...{ id: append.newId, projectId, key: append.start.data.key, agent: 'helper', userId: 'ada', status: 'ended' },
        ...{ seq: 8, startedAt: NOW, lastActivity: NOW + 6, endedAt: NOW + 6, endReason: 'completed' },
        ...{ messageCount: 2, modelCalls: 2, toolCalls: 2, failedToolCalls: 1, inputTokens: 200, outputTokens: 40 },
        ...{
          cost: 34,
          lastUserMessage: 'hello',
          lastResponse: 'done',
          lastRole: 'agent',
          intent: null,
          category: null,
        },
        tags: ['x'],
      };
      expect(await sessions().list({ projectId, limit: 5 })).toEqual([expected]);
      expect(await sessions().get(projectId, append.newId)).toEqual(expected);
    });

    test('is listed by every filter, the latest activity first, page by page', async () => {
      const at = (minutes: number) => ({ at: NOW + minutes * 60_000 });
      await begin({ key: 'a', ...at(1), agent: 'sales', userId: 'ada', category: 'x', tags: ['red', 'big'] });
      await begin({ key: 'b', ...at(2), agent: 'sales', userId: 'bob', category: 'y', tags: ['red'] });
      await begin({ key: 'c', ...at(3), agent: 'help', userId: 'ada', category: 'x', events: [over(at(3).at)] });
      await begin({ key: 'd', ...at(3), agent: 'help', userId: null });
      await projectAll(store());
      expect(await list()).toEqual(['d', 'c', 'b', 'a']);
      expect(await list({ userId: 'ada' })).toEqual(['c', 'a']);
      expect(await list({ agent: 'sales' })).toEqual(['b', 'a']);
      expect(await list({ status: 'ended' })).toEqual(['c']);
      expect(await list({ status: 'active', agent: 'help' })).toEqual(['d']);
      expect(await list({ category: 'x' })).toEqual(['c', 'a']);
      expect(await list({ tags: ['red'] })).toEqual(['b', 'a']);
      expect(await list({ tags: ['big', 'red'], agent: 'sales', userId: 'ada', category: 'x' })).toEqual(['a']);
      expect(await list({ tags: ['big', 'blue'] })).toEqual([]);
      expect(await list({ from: NOW + 120_000 })).toEqual(['d', 'c', 'b']);
      expect(await list({ from: NOW + 60_000, to: NOW + 120_000 })).toEqual(['a']);
      expect(await sessions().list({ projectId: newId(), limit: 5 })).toEqual([]);
      const pages: string[] = [];
      let before: SessionQuery['before'];
      for (;;) {
        const [one] = await sessions().list({ projectId, limit: 1, ...(before && { before }) });
        if (one === undefined) break;
        pages.push(one.key);
        before = one;
      }
      expect(pages).toEqual(['d', 'c', 'b', 'a']);
    });

    test('has all of several tags, however long, odd or changed they are', async () => {
      const odd = ['a,b', '{"c"}', "d\\ 'e'", 'null', '🚪 blue', '%'];
      const many = Array.from({ length: 50 }, (_, at) => `${at} ${'🚪'.repeat(90)}`);
      const append = await begin({ key: 'odd', tags: odd });
      await begin({ key: 'many', at: NOW + 1, tags: [...many, 'null', '%'] });
      await begin({ key: 'twice', at: NOW + 2, tags: ['null', 'null'] });
      await projectAll(store());
      const byEach = async (tags: string[]) => [await list({ tags }), await list({ tags, userId: 'ada' })];
      const both = (...keys: string[]) => [keys, keys];
      for (const tag of odd.slice(0, 3)) expect(await byEach([tag, 'null'])).toEqual(both('odd'));
      expect(await byEach(odd)).toEqual(both('odd'));
      expect(await byEach(['null', '%'])).toEqual(both('many', 'odd'));
      expect(await byEach(['null', 'null'])).toEqual(both('twice', 'many', 'odd'));
      expect(await byEach([many[7]!, many[49]!, '%'])).toEqual(both('many'));
      expect(await byEach(['a', 'b'])).toEqual(both());
      await sessions().append(projectId, { ...append, events: [said('more', NOW + 3)], tags: ['%', 'new'] }, 1);
      await projectAll(store());
      for (const rebuild of [false, true]) {
        if (rebuild) await sessions().rebuild(projectId, 'agent_session_summary', SESSION_FOLDS, () => undefined);
        expect(await byEach(['null', '%'])).toEqual(both('many'));
        expect(await byEach(['new', '%'])).toEqual(both('odd'));
      }
    });

    test('active sessions are counted by agent', async () => {
      const agent = `agent-${newId()}`;
      const count = async () => (await sessions().active()).find((one) => one.agent === agent)?.sessions;
      for (const _ of Array(3)) await begin({ agent });
      await begin({ agent, events: [over()] });
      await projectAll(store());
      expect(await count()).toBe(3);
    });

    test('the timeline tells what people read', async () => {
      const events = [
        { ...said('hello'), executionId: newId() },
        responded(),
        toolDone(false),
        remembered('color', 'blue'),
        responded({ error: { code: 'model_refused', kind: 'permanent', message: 'No key.' } }),
        answered('a\u0000b\nc'),
      ];
      const { newId: id } = await begin({ events });
      await projectAll(store());
      const rows = await sessions().timeline(projectId, id, 0, 50);
      expect(rows.map(({ seq, kind, content }) => [seq, kind, content])).toEqual([
        [2, 'user', 'hello'],
        [4, 'tool', 'failed: '],
        [5, 'context', 'color: blue'],
        [6, 'model', 'model_refused: No key.'],
        [7, 'agent', 'a b\nc'],
      ]);
      expect(rows[0]).toMatchObject({ at: NOW, executionId: events[0]?.executionId });
      expect(rows[1]).toMatchObject({ data: { tool: 'search', success: false }, executionId: null });
      expect(await sessions().timeline(projectId, id, 4, 1)).toEqual([rows[2]]);
      expect(await sessions().timeline(newId(), id, 0, 50)).toEqual([]);
    });

    test('days are counted for each agent', async () => {
      const yesterday = NOW - DAY;
      await begin({ agent: 'sales', at: yesterday, events: [said('one', yesterday), responded({}, yesterday)] });
      const error = { code: 'x', kind: 'transient', message: 'no' } as const;
      const append = await begin({ agent: 'sales', events: [responded({ latencyMs: 20 }), answered('yes')] });
      await begin({ agent: 'help', events: [toolDone(false)] });
      await projectAll(store());
      await sessions().append(projectId, { ...append, events: [responded({ error, latencyMs: 60, cost: 5 })] }, 3);
      await projectAll(store());
      const rows = await performance();
      expect(rows.map(({ agent, day }) => [agent, day])).toEqual([
        ['help', dayOf(NOW)],
        ['sales', dayOf(NOW)],
        ['sales', dayOf(yesterday)],
      ]);
      expect(rows[0]).toMatchObject({ sessions: 1, toolCalls: 1, failedToolCalls: 1, averageLatencyMs: null });
      expect(rows[1]).toMatchObject({ sessions: 1, messages: 1, responses: 1, modelCalls: 2, failedModelCalls: 1 });
      expect(rows[1]).toMatchObject({ averageLatencyMs: 40, cost: 5 });
      expect(rows[2]).toMatchObject({ sessions: 1, messages: 1, responses: 0, averageLatencyMs: 40 });
      expect(await performance({ agent: 'help' })).toEqual([rows[0]]);
      expect(await performance({ to: dayOf(yesterday) })).toEqual([rows[2]]);
      expect(await performance({ from: dayOf(NOW), limit: 1 })).toEqual([rows[0]]);
    });

    test('a snapshot stands at every hundredth event, and is what the events fold to', async () => {
      const append = await begin({ events: Array.from({ length: 250 }, (_, at) => said(`message ${at}`)) });
      await projectAll(store());
      await sessions().append(projectId, { ...append, events: Array.from({ length: 60 }, () => answered('yes')) }, 251);
      await projectAll(store());
      const events = await sessions().events(projectId, append.newId, 0, 1_000);
      const at = (seq: number) => sessions().snapshot(projectId, append.newId, seq);
      expect(await at(99)).toBeUndefined();
      for (const [asked, seq] of [
        [100, 100],
        [199, 100],
        [250, 200],
        [1_000, 300],
      ] as const) {
        expect(await at(asked)).toEqual(fold(events.slice(0, seq)));
      }
      expect(await sessions().snapshot(newId(), append.newId, 100)).toBeUndefined();
    });

    test('each event counts once, however many project at the same time', async () => {
      const appends = await Promise.all(Array.from({ length: 12 }, () => begin({ events: [said('one')] })));
      const rounds = appends.flatMap((append) => [
        sessions().project(5, SESSION_FOLDS),
        sessions().append(projectId, { ...append, events: [said('two'), answered('three')] }, 2),
        sessions().project(50, SESSION_FOLDS),
      ]);
      await Promise.all(rounds);
      await projectAll(store());
      const [day] = await performance();
      expect(day).toMatchObject({ sessions: 12, messages: 36, responses: 12 });
      const counts = (await sessions().list({ projectId, limit: 50 })).map(({ messageCount }) => messageCount);
      expect(counts).toEqual(Array(12).fill(3));
    });

    test('a projection is made anew from the events, and the others stay', async () => {
      const events = [said('find the blue door'), answered('there'), responded({ cost: 7 })];
      for (const key of ['a', 'b', 'c']) await begin({ key, events, category: 'x', tags: ['t'] });
      const lying: SessionFolds = {
        summary: (row, read) => ({ ...SESSION_FOLDS.summary(row, read), cost: 999, lastUserMessage: 'wrong' }),
        timeline: (event) => (event.type === 'user.message.received' ? SESSION_FOLDS.timeline(event) : undefined),
        days: (read) => [...SESSION_FOLDS.days(read), ...SESSION_FOLDS.days(read)].slice(0, 1),
      };
      while ((await sessions().project(100, lying)).length > 0);
      const unread = await begin({ key: 'd', events });
      const all = async () => ({
        list: await sessions().list({ projectId, limit: 9 }),
        lines: await Promise.all(
          (await sessions().list({ projectId, limit: 9 })).map(({ id }) => sessions().timeline(projectId, id, 0, 9)),
        ),
        days: await performance(),
      });
      const wrong = await all();
      expect(wrong.list[0]?.cost).toBe(999);
      for (const projection of PROJECTIONS) {
        const told: [number, number][] = [];
        await sessions().rebuild(projectId, projection, SESSION_FOLDS, (done, of) => told.push([done, of]));
        expect(told[0]).toEqual([0, 4]);
        expect(told.at(-1)).toEqual([4, 4]);
      }
      const right = await all();
      expect(right.list.map(({ key, cost, category, tags }) => [key, cost, category, tags])).toEqual(
        ['c', 'b', 'a'].map((key) => [key, 7, 'x', ['t']]),
      );
      expect(right.list[0]?.lastUserMessage).toBe('find the blue door');
      expect(right.lines.map((lines) => lines.length)).toEqual([2, 2, 2]);
      expect(right.days).toMatchObject([{ sessions: 3, messages: 6, cost: 21 }]);
      await projectAll(store());
      expect((await all()).days).toMatchObject([{ sessions: 4, messages: 8, cost: 28 }]);
      expect(await sessions().timeline(projectId, unread.newId, 0, 9)).toHaveLength(2);
    });

    test('a rebuild stops where it is told to', async () => {
      const stop = new AbortController();
      await begin({ events: [said('one')] });
      await projectAll(store());
      const told: number[] = [];
      const progress = (done: number) => {
        told.push(done);
        stop.abort();
      };
      await sessions().rebuild(projectId, 'message_timeline', SESSION_FOLDS, progress, stop.signal);
      expect(told).toEqual([0]);
    });

    test('appends and projecting go on while a projection is made anew', async () => {
      const appends = await Promise.all(Array.from({ length: 10 }, () => begin({ events: [said('one')] })));
      await projectAll(store());
      await Promise.all([
        ...PROJECTIONS.map((name) => sessions().rebuild(projectId, name, SESSION_FOLDS, () => undefined)),
        ...appends.map((append) => sessions().append(projectId, { ...append, events: [answered('two')] }, 2)),
        sessions().project(10, SESSION_FOLDS),
        sessions().rebuild(projectId, 'agent_performance_daily', SESSION_FOLDS, () => undefined),
        projectAll(store()),
      ]);
      await projectAll(store());
      expect(await performance()).toMatchObject([{ sessions: 10, messages: 20, responses: 10 }]);
      const counts = (await sessions().list({ projectId, limit: 50 })).map(({ messageCount }) => messageCount);
      expect(counts).toEqual(Array(10).fill(2));
    });

    test('one whose events cannot be folded does not keep the others waiting', async () => {
      const bad = await begin({ key: 'bad', events: [said('poison')] });
      await begin({ key: 'good', events: [said('fine')] });
      const picky: SessionFolds = {
        ...SESSION_FOLDS,
        summary: (row, events) => {
          if (row.id === bad.newId) throw new Error('cannot be folded');
          return SESSION_FOLDS.summary(row, events);
        },
      };
      await expect(sessions().project(10, picky)).rejects.toThrow('cannot be folded');
      expect(await list()).toEqual(['good']);
    });

    test('what was said and remembered is found by its words', async () => {
      const ada = await begin({
        userId: 'ada',
        events: [said('the blue door is open'), answered('Blue, blue it is.')],
      });
      const bob = await begin({ userId: 'bob', events: [said('a red door'), toolDone(), remembered('door', 'blue')] });
      await projectAll(store());
      const find = async (text: string, query: object = {}) =>
        (await sessions().recall({ projectId, text, limit: 10, ...query })).map(({ sessionId, seq }) => [
          sessionId,
          seq,
        ]);
      expect(await find('blue')).toEqual([
        [ada.newId, 3],
        [bob.newId, 4],
        [ada.newId, 2],
      ]);
      expect(await find('BLUE door')).toHaveLength(2);
      expect(await find('blue', { userId: 'ada' })).toEqual([
        [ada.newId, 3],
        [ada.newId, 2],
      ]);
      expect(await find('blue', { sessionId: bob.newId })).toEqual([[bob.newId, 4]]);
      expect(await find('found')).toEqual([]);
      expect(await find(' ?! ')).toEqual([]);
      expect(await find('blue', { projectId: newId() })).toEqual([]);
      expect(await sessions().recall({ projectId, text: 'red', limit: 1 })).toEqual([
        { sessionId: bob.newId, sessionKey: bob.start.data.key, seq: 2, at: NOW, kind: 'user', text: 'a red door' },
      ]);
    });
  });
}
