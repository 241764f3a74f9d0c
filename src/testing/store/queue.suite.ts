import { beforeEach, describe, expect, test } from 'vitest';
import type { Ticket } from '../../core/flow/ticket.ts';
import type { Commit, Store } from '../../ports/store.ts';
import {
  creation,
  endedCreation,
  FAILURE,
  failing,
  following,
  newId,
  ownedCreation,
  RETRY,
  resting,
  signalTo,
} from '../factories.ts';
import { COMMITTED, REFUSED } from './commit.suite.ts';
import { claimAll, claimAs, drainQueue, drainTimers, signalsOf } from './drain.ts';

const idOf = ({ executionId }: Commit) => executionId;

export function queueSuite(store: () => Store): void {
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  const post = (to: Commit, signal?: Parameters<typeof signalTo>[1]) => store().executions.post(signalTo(to, signal));
  /** In the order given, each by its own owner. */
  async function write(...chains: Commit[][]): Promise<void> {
    for (const one of chains.flat()) expect(await commit(one)).toEqual([COMMITTED]);
  }
  /** An execution at rest: it waits, or has failed. */
  const rested = (end: typeof resting = resting) => {
    const first = ownedCreation();
    return [first, end(first)] as const;
  };

  beforeEach(() => drainQueue(store()));

  test('is counted up to a limit; what has an owner, waits or has ended is not in it', async () => {
    await write([creation()], [ownedCreation()], [...rested()], [endedCreation()]);
    expect(await store().executions.queued(10)).toBe(1);
    await commit(creation(), creation(), creation());
    expect(await store().executions.queued(10)).toBe(4);
    expect(await store().executions.queued(3)).toBe(3);
  });

  test('what stands before a trigger is the queue of its project, and what is held of it', async () => {
    const [projectId, workflowId] = [newId(), newId()];
    const place = { projectId, workflowId, triggerId: 'orders' };
    const ahead = (over: object = {}, limit = 100) => store().executions.ahead({ ...place, ...over }, limit);
    const lane = `${workflowId}:session:${newId()}`;
    const gates = [{ lane, limit: 1, perMs: null }];
    const ticket: Ticket = { lane, depth: 1, gather: null, size: 0, gates };
    const queued = (over: object, of: object = {}) => creation(over, { workflowId, triggerId: 'orders', ...of });
    await commit(queued({ projectId }, { workflowId: newId() }), queued({ projectId }, { triggerId: 'other' }));
    const running = ownedCreation(newId(), { projectId });
    await commit(running, queued({}), queued({}));
    expect(await ahead()).toBe(2);
    await commit(...[1, 2, 3].map(() => queued({ projectId }, { ticket })));
    await commit(queued({ projectId }, { ticket, triggerId: 'other' }), queued({}, { ticket }));
    await commit(queued({ projectId }, { ticket, workflowId: newId() }));
    expect(await ahead()).toBe(5);
    expect(await ahead({}, 4)).toBe(4);
    expect(await ahead({}, 1)).toBe(1);
    expect(await ahead({ triggerId: 'other' })).toBe(3);
    expect(await ahead({ triggerId: 'none' })).toBe(2);
    expect(await ahead({ projectId: newId() })).toBe(0);
    // Who is canceled while it is held waits no more.
    const first = queued({ projectId }, { ticket });
    await commit(first);
    expect(await ahead()).toBe(6);
    await store().executions.quarantine(first.executionId, FAILURE);
    expect(await ahead()).toBe(5);
  });

  describe('claim', () => {
    test('gives what is queued to the owner, who can write from then on', async () => {
      const owner = newId();
      const queued = creation({}, { version: 3 });
      await commit(queued);
      const { executionId: id, projectId } = queued;
      const claimed = await claimAs(store(), owner, 10);
      expect(claimed).toEqual([{ id, projectId, workflowId: queued.create.workflowId, version: 3, held: false }]);
      expect(await commit(following(queued, { writer: owner, owner }))).toEqual([COMMITTED]);
    });

    test('gives at most as many as asked for', async () => {
      await commit(creation(), creation(), creation());
      expect(await claimAs(store(), newId(), 0)).toEqual([]);
      expect(await claimAs(store(), newId(), 2)).toHaveLength(2);
      expect(await claimAs(store(), newId(), 2)).toHaveLength(1);
      expect(await claimAs(store(), newId(), 2)).toEqual([]);
    });

    test('gives what is pending or running; not what waits, has ended or is owned', async () => {
      const running = ownedCreation();
      const [waits, failed] = [rested(), rested(failing)];
      await write([creation({ status: 'canceled' }), endedCreation(), ownedCreation()], [...waits], [...failed]);
      await write([running, following(running, { owner: null })]);
      expect(await claimAll(store(), newId())).toEqual([idOf(running)]);
    });

    test('gives a waiting execution to which a signal was posted', async () => {
      const [first, second] = rested();
      await write([first, second]);
      expect(await claimAll(store(), newId())).toEqual([]);
      await post(first);
      expect(await claimAll(store(), newId())).toEqual([idOf(first)]);
      expect(await claimAll(store(), newId())).toEqual([]);
    });

    test('gives a waiting execution once, however many signals there are', async () => {
      const [first, second] = rested();
      await write([first, second]);
      for (let n = 0; n < 5; n++) await post(first);
      expect(await claimAll(store(), newId())).toEqual([idOf(first)]);
    });

    test('gives a signal to the next owner where it came just before the execution went to rest', async () => {
      const first = ownedCreation();
      await write([first]);
      await post(first);
      await write([resting(first)]);
      expect(await claimAll(store(), newId())).toEqual([idOf(first)]);
    });

    test('gives a failed execution when a retry is posted, with whatever else has come', async () => {
      const [first, second] = rested(failing);
      await write([first, second]);
      const timer = { type: 'timer', timerId: newId() } as const;
      await post(first, timer);
      expect(await claimAll(store(), newId())).toEqual([]);
      await post(first, RETRY);
      expect(await claimAll(store(), newId())).toEqual([idOf(first)]);
      expect(await signalsOf(store(), idOf(first))).toEqual([timer, RETRY]);
    });

    test('is not stopped by what a signal to a failed execution holds', async () => {
      const [[failed, end], [waits, rest]] = [rested(failing), rested()];
      await write([failed, end], [waits, rest]);
      const outcome = { status: 'completed', output: 'NUL \u0000, half \ud83d, "type": "retry"' } as const;
      await post(failed, { type: 'child-ended', executionId: newId(), outcome });
      await post(waits);
      const claimed = await claimAll(store(), newId()).finally(() =>
        store().executions.delete(failed.projectId, idOf(failed)),
      );
      expect(claimed).toEqual([idOf(waits)]);
    });

    test('does not overlook a signal behind many that nobody can take in yet', async () => {
      const stuck = Array.from({ length: 20 }, () => rested(failing));
      const last = rested();
      await write(...stuck.map((one) => [...one]), [...last]);
      for (const [one] of stuck) await post(one, { type: 'timer', timerId: newId() });
      await post(last[0]);
      expect((await claimAs(store(), newId(), 1)).map(({ id }) => id)).toEqual([idOf(last[0])]);
    });

    test('never gives the same execution to two', async () => {
      const queued = Array.from({ length: 30 }, () => creation());
      const waiting = Array.from({ length: 10 }, () => rested());
      await commit(...queued, ...waiting.map(([first]) => first));
      await commit(...waiting.map(([, second]) => second));
      await Promise.all(waiting.map(([first]) => post(first)));
      const rounds = await Promise.all(Array.from({ length: 6 }, () => claimAs(store(), newId(), 8)));
      expect(Math.max(...rounds.map((round) => round.length))).toBeLessThanOrEqual(8);
      const ids = [...rounds.flat().map(({ id }) => id), ...(await claimAll(store(), newId()))];
      expect(ids.sort()).toEqual([...queued.map(idOf), ...waiting.map(([first]) => idOf(first))].sort());
    });

    test('may come between an old owner and its late commit', async () => {
      const first = ownedCreation();
      await write([first]);
      await store().executions.release(first.writer);
      const owner = newId();
      expect(await claimAll(store(), owner)).toEqual([idOf(first)]);
      expect(await commit(following(first))).toEqual([REFUSED]);
      expect(await commit(following(first, { writer: owner }))).toEqual([COMMITTED]);
    });
  });

  describe('release', () => {
    test("gives all of the owner's executions back, and no others", async () => {
      const [owner, other] = [newId(), newId()];
      const mine = [ownedCreation(owner), ownedCreation(owner)];
      await commit(...mine, ownedCreation(other));
      expect(await store().executions.release(owner)).toBe(2);
      expect(await store().executions.release(owner)).toBe(0);
      expect((await claimAll(store(), newId())).sort()).toEqual(mine.map(idOf).sort());
    });

    test('gives back those that are named, if they are the owner’s', async () => {
      const [owner, other] = [newId(), newId()];
      const [kept, back, foreign] = [ownedCreation(owner), ownedCreation(owner), ownedCreation(other)];
      await commit(kept, back, foreign);
      expect(await store().executions.release(owner, [idOf(back), idOf(foreign), newId()])).toBe(1);
      expect(await store().executions.release(owner, [])).toBe(0);
      expect(await claimAll(store(), newId())).toEqual([idOf(back)]);
      expect(await commit(following(kept), following(foreign))).toEqual([COMMITTED, COMMITTED]);
    });

    test('leaves the execution as it is, with its signals', async () => {
      const first = ownedCreation();
      await commit(first);
      await post(first);
      const before = await store().executions.get(first.projectId, idOf(first));
      await store().executions.release(first.writer);
      expect(await store().executions.get(first.projectId, idOf(first))).toEqual(before);
      expect(await signalsOf(store(), idOf(first))).toHaveLength(1);
    });
  });

  describe('quarantine', () => {
    const corrupt = { ...FAILURE, code: 'execution_corrupt', message: 'event 3 is \u0000 broken' };
    const get = (one: Commit) => store().executions.get(one.projectId, idOf(one));

    test('fails the execution, takes it from its owner and keeps its history', async () => {
      const [first, other] = [ownedCreation(), ownedCreation()];
      await commit(first, other);
      await store().executions.quarantine(idOf(first), corrupt);
      expect(await get(first)).toMatchObject({ status: 'failed', error: corrupt, finishedAt: expect.any(Number) });
      expect(await commit(following(first), following(other))).toEqual([REFUSED, COMMITTED]);
      expect((await store().executions.histories([idOf(first)])).get(idOf(first))).toEqual(first.events);
      expect(await get(other)).toMatchObject({ status: 'running', error: null });
      expect(await claimAll(store(), newId())).toEqual([]);
    });

    test('does not hand it out again for the retry that woke it, but for the next', async () => {
      const [first, second] = rested(failing);
      await write([first, second]);
      await post(first, RETRY);
      expect(await claimAll(store(), newId())).toEqual([idOf(first)]);
      await store().executions.quarantine(idOf(first), corrupt);
      expect(await claimAll(store(), newId())).toEqual([]);
      await post(first, RETRY);
      expect(await claimAll(store(), newId())).toEqual([idOf(first)]);
    });

    test('keeps its timers, and does not mind an id that does not exist', async () => {
      await drainTimers(store());
      const timerId = newId();
      const first = { ...ownedCreation(), arm: [{ timerId, at: 5 }] };
      await commit(first);
      await store().executions.quarantine(newId(), corrupt);
      await store().executions.quarantine(idOf(first), corrupt);
      expect(await store().executions.fireTimers(5, 10)).toEqual({ fired: 1, nextAt: null });
      expect(await signalsOf(store(), idOf(first))).toEqual([{ type: 'timer', timerId }]);
    });
  });
}
