import { describe, expect, test } from 'vitest';
import { type FeedEvent, LARGEST_FEED_DATA } from '../../core/event-feed/feed-message.ts';
import type { EventFeed, FeedRound, NewEventFeed } from '../../ports/event-feeds.ts';
import type { Store } from '../../ports/store.ts';
import { creation, endedCreation, FAILURE, following, NOW, newId, nodeCompleted, ownedCreation } from '../factories.ts';
import { said, sessionAppend } from '../session-events.ts';

const ARRIVED: FeedRound = { left: new Map(), putOff: null };
/** Nothing of them. */
const leftOf = (events: readonly FeedEvent[]) =>
  new Map([...events].reverse().map(({ streamId, seq }) => [streamId, seq]));

export function eventFeedSuite(store: () => Store): void {
  describe('feeds of events', () => {
    const feeds = () => store().eventFeeds;
    const commit = (...commits: Parameters<Store['executions']['commit']>[0]) => store().executions.commit(commits);
    const feedOf = (projectId: string, over: Partial<NewEventFeed> = {}): NewEventFeed => ({
      ...{ projectId, connection: 'events', type: 'kafka', target: { topic: 'audit' }, updatedAt: NOW, ...over },
    });
    const newFeed = async (): Promise<string> => {
      const projectId = newId();
      await feeds().put(feedOf(projectId));
      return projectId;
    };
    const round = async (projectId: string, limit = 500, putOff: FeedRound['putOff'] = null, now = NOW) => {
      const handed: FeedEvent[] = [];
      const taken = await feeds().send(projectId, now, limit, async (_, events) => {
        handed.push(...events);
        return putOff === null ? ARRIVED : { left: leftOf(events), putOff };
      });
      return { taken, handed, places: handed.map(({ streamId, seq }) => `${streamId}/${seq}`) };
    };
    const places = (streamId: string, from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, n) => `${streamId}/${from + n}`);
    const many = (count: number, output: unknown = 1) => Array.from({ length: count }, () => nodeCompleted(output));

    test('are none before one is put, and what was written before is not sent', async () => {
      const projectId = newId();
      expect(await feeds().get(projectId)).toBeUndefined();
      expect(await feeds().delete(projectId)).toBe(false);
      const before = ownedCreation(newId(), { projectId });
      await commit(before);
      await feeds().put(feedOf(projectId));
      expect(await feeds().get(projectId)).toEqual({
        ...feedOf(projectId),
        ...({ createdAt: NOW, error: null, failures: 0, retryAt: null } satisfies Partial<EventFeed>),
      });
      expect(await round(projectId)).toMatchObject({ taken: 0, handed: [] });
      await commit(following(before));
      expect((await round(projectId)).places).toEqual([`${before.executionId}/3`]);
    });

    test('are told of what is written for them, by whoever writes it', async () => {
      const projectId = await newFeed();
      let heard = Promise.withResolvers<void>();
      await store().listen((news) => news === 'feeds' && heard.resolve());
      await commit(ownedCreation(newId(), { projectId }));
      await heard.promise;
      heard = Promise.withResolvers<void>();
      await store().sessions.append(projectId, sessionAppend({ key: newId() }), 0);
      await heard.promise;
    });

    test('hand over every event once it is written, with its data as it was, and each project its own', async () => {
      const projectId = await newFeed();
      const one = ownedCreation(newId(), { projectId });
      const text = 'é \u0000 \ud83d \u001e';
      await commit(one, ownedCreation(newId()), following(one, { firstSeq: 9, writer: newId() }));
      await commit(following(one, { events: [nodeCompleted({ text, large: 'x'.repeat(70_000) })] }));
      const { handed } = await round(projectId);
      expect(handed.map(({ data, ...event }) => ({ ...event, data: JSON.parse(data ?? '') }))).toEqual(
        [...one.events, nodeCompleted({ text, large: 'x'.repeat(70_000) })].map((event, index) => ({
          ...{ streamId: one.executionId, seq: index + 1, ...event },
        })),
      );
      expect(await round(projectId)).toMatchObject({ taken: 0, handed: [] });
    });

    test('hand over the children of a commit, and what commits and callers add to sessions', async () => {
      const projectId = await newFeed();
      const append = sessionAppend({ events: [said('one')] });
      const child = creation({ projectId });
      const parent = ownedCreation(newId(), { projectId, children: [child], sessions: [append] });
      await commit(parent);
      const { key } = append.start.data;
      const [session] = [await store().sessions.append(projectId, sessionAppend({ key, events: [said('two')] }), 2)];
      const { handed, places: found } = await round(projectId);
      expect(found.toSorted()).toEqual(
        [
          ...places(parent.executionId, 1, 2),
          ...places(child.executionId, 1, 1),
          ...places(session.id, 1, 3),
        ].toSorted(),
      );
      const talk = handed.filter(({ streamId }) => streamId === session.id);
      expect(talk.map(({ seq, type }) => [seq, type])).toEqual([
        [1, 'agent.session.started'],
        [2, 'user.message.received'],
        [3, 'user.message.received'],
      ]);
    });

    test('hand over no more than wanted, and go on in the middle of a commit', async () => {
      const projectId = await newFeed();
      const one = ownedCreation(newId(), { projectId });
      const two = endedCreation({ projectId });
      await commit(one);
      await commit(following(one, { events: many(7) }), two);
      const sizes: number[] = [];
      const all: string[] = [];
      for (;;) {
        const { taken, places: found } = await round(projectId, 4);
        if (taken === 0) break;
        sizes.push(found.length);
        all.push(...found);
      }
      expect(sizes).toEqual([4, 4, 4]);
      expect(all).toEqual([...places(one.executionId, 1, 9), ...places(two.executionId, 1, 3)]);
    });

    test('hand over about 8 MB at once, and leave out what no broker takes', async () => {
      const projectId = await newFeed();
      const one = ownedCreation(newId(), { projectId });
      // Each is another, or they would be one blob.
      const large = Array.from({ length: 30 }, (_, n) => nodeCompleted(`${n}${'x'.repeat(400_000)}`));
      await commit(one, following(one, { events: [] }));
      await commit(following(one, { events: [...large, nodeCompleted('x'.repeat(LARGEST_FEED_DATA))] }));
      const all: FeedEvent[] = [];
      const { handed } = await round(projectId);
      expect(handed.length).toBeGreaterThan(0);
      all.push(...handed);
      for (let taken: number | null = 1; taken !== 0; ) {
        const next = await round(projectId);
        taken = next.taken;
        all.push(...next.handed);
      }
      expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 33 }, (_, n) => n + 1));
      expect(all.filter(({ data }) => data === null).map(({ seq }) => seq)).toEqual([33]);
    });

    test('forget nothing that did not arrive, say why, and go on when they are put on or the time has come', async () => {
      const projectId = await newFeed();
      const one = ownedCreation(newId(), { projectId });
      await commit(one);
      const putOff = { error: FAILURE, until: NOW + 1_000 };
      const all = places(one.executionId, 1, 2);
      expect(await round(projectId, 500, putOff)).toMatchObject({ taken: null, places: all });
      expect(await feeds().get(projectId)).toMatchObject({ error: FAILURE, failures: 1, retryAt: NOW + 1_000 });
      expect(await feeds().due(NOW + 999, 1_000)).not.toContain(projectId);
      expect(await round(projectId, 500, null, NOW + 999)).toMatchObject({ taken: null, handed: [] });
      expect(await feeds().due(NOW + 1_000, 1_000)).toContain(projectId);
      await round(projectId, 500, putOff, NOW + 1_000);
      expect(await feeds().get(projectId)).toMatchObject({ failures: 2 });
      await feeds().hasten(projectId, 'another');
      expect(await round(projectId)).toMatchObject({ taken: null });
      await feeds().hasten(projectId, 'events');
      expect(await round(projectId)).toMatchObject({ taken: 1, places: all });
      expect(await feeds().get(projectId)).toMatchObject({ error: null, failures: 0, retryAt: null });
    });

    test('forget what has arrived of a round that did not arrive whole', async () => {
      const projectId = await newFeed();
      const [one, two, three] = [0, 1, 2].map(() => ownedCreation(newId(), { projectId }));
      await commit(one!, two!);
      await commit(following(one!, { events: many(4) }), three!);
      const send = (putOff: FeedRound['putOff'], limit: number) =>
        feeds().send(projectId, NOW, limit, async () => {
          return {
            left: new Map([
              [one!.executionId, 4],
              [two!.executionId, 1],
            ]),
            putOff,
          };
        });
      expect(await send(null, 7)).toBe(3);
      const rest = [...places(two!.executionId, 1, 2), ...places(one!.executionId, 4, 6)];
      expect(await round(projectId, 5, { error: FAILURE, until: NOW })).toMatchObject({ taken: null, places: rest });
      expect(await send({ error: FAILURE, until: NOW }, 500)).toBeNull();
      expect((await round(projectId)).places).toEqual(rest);
    });

    test('keep everything where the hand breaks', async () => {
      const projectId = await newFeed();
      await commit(ownedCreation(newId(), { projectId }));
      const broken = feeds().send(projectId, NOW, 500, () => Promise.reject(new Error('it broke')));
      await expect(broken).rejects.toThrow('it broke');
      expect(await feeds().get(projectId)).toMatchObject({ error: null, failures: 0 });
      expect((await round(projectId)).handed).toHaveLength(2);
    });

    test('are sent by one at a time', async () => {
      const projectId = await newFeed();
      await commit(ownedCreation(newId(), { projectId }));
      await feeds().send(projectId, NOW, 500, async () => {
        expect(await round(projectId)).toMatchObject({ taken: null, handed: [] });
        return ARRIVED;
      });
      expect(await round(projectId)).toMatchObject({ taken: 0 });
    });

    test('a new place counts more than what comes of the old one', async () => {
      const projectId = await newFeed();
      await commit(ownedCreation(newId(), { projectId }));
      const next = feedOf(projectId, { connection: 'other', type: 'nats', target: { subject: 'a' } });
      await feeds().send(projectId, NOW, 500, async (_, events) => {
        await feeds().put(next);
        return { left: leftOf(events), putOff: { error: FAILURE, until: NOW + 60_000 } };
      });
      const found = await feeds().get(projectId);
      expect(found).toMatchObject({ connection: 'other', type: 'nats', target: { subject: 'a' }, error: null });
      expect(found).toMatchObject({ createdAt: NOW, retryAt: null });
      expect(found?.updatedAt).toBeGreaterThan(NOW);
      expect((await round(projectId)).handed).toHaveLength(2);
    });

    test('leave out what was removed before it was sent', async () => {
      const projectId = await newFeed();
      const [gone, stays] = [endedCreation({ projectId }), endedCreation({ projectId })];
      await commit(gone);
      await commit(stays);
      await store().executions.delete(projectId, gone.executionId);
      expect((await round(projectId, 3)).handed).toEqual([]);
      expect((await round(projectId, 3)).places).toEqual(places(stays.executionId, 1, 3));
      expect(await round(projectId)).toMatchObject({ taken: 0 });
    });

    test('say what waits, and since when', async () => {
      const projectId = await newFeed();
      expect(await feeds().waiting(projectId, 100)).toEqual({ events: 0, oldestAt: null });
      await commit(endedCreation({ projectId }), ownedCreation(newId(), { projectId }));
      expect(await feeds().waiting(projectId, 100)).toEqual({ events: 5, oldestAt: expect.any(Number) });
      expect(await feeds().waiting(projectId, 1)).toMatchObject({ events: 3 });
      expect(await feeds().due(NOW, 1_000)).toContain(projectId);
      expect(await feeds().lag()).toBeGreaterThanOrEqual(0);
      await round(projectId);
      expect(await feeds().waiting(projectId, 100)).toEqual({ events: 0, oldestAt: null });
      expect(await feeds().due(NOW, 1_000)).not.toContain(projectId);
    });

    test('one that is removed forgets what waits', async () => {
      const projectId = await newFeed();
      const one = ownedCreation(newId(), { projectId });
      await commit(one);
      expect(await feeds().delete(projectId)).toBe(true);
      expect(await feeds().get(projectId)).toBeUndefined();
      await commit(following(one));
      expect(await round(projectId)).toMatchObject({ taken: null });
      await feeds().put(feedOf(projectId));
      expect(await feeds().waiting(projectId, 100)).toMatchObject({ events: 0 });
    });
  });
}
