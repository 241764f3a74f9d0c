import { beforeEach, describe, expect, test } from 'vitest';
import type { Commit, SignalBody, Store } from '../../ports/store.ts';
import {
  creation,
  endedCreation,
  FAILURE,
  failing,
  following,
  newId,
  ownedCreation,
  resting,
  signalTo,
} from '../factories.ts';
import { claimAs, drainTimers, signalsOf } from './drain.ts';

const cancel = (reason: string): SignalBody => ({ type: 'cancel', reason });

export function signalSuite(store: () => Store): void {
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  const post = (to: Commit, signal?: SignalBody) => store().executions.post(signalTo(to, signal));

  describe('signals', () => {
    test('come in the order they were posted, over all executions asked for', async () => {
      const [one, two, other] = [ownedCreation(), ownedCreation(), ownedCreation()];
      await commit(one, two, other);
      const targets = [one, two, two, other, one, two, one];
      for (const [n, to] of targets.entries()) expect(await post(to, cancel(`${n}`))).toBe(true);
      const found = await store().executions.signals([two.executionId, one.executionId]);
      const expected = targets.flatMap((to, n) =>
        to === other ? [] : [{ id: expect.any(String), executionId: to.executionId, signal: cancel(`${n}`) }],
      );
      expect(found).toEqual(expected);
      expect(new Set(found.map(({ id }) => id)).size).toBe(6);
    });

    test('keep their order in one commit', async () => {
      const [from, to] = [ownedCreation(), ownedCreation()];
      await commit(from, to);
      const bodies = Array.from({ length: 12 }, (_, n) => cancel(`${n}`));
      await commit(following(from, { posts: bodies.map((body) => signalTo(to, body)) }));
      expect(await signalsOf(store(), to.executionId)).toEqual(bodies);
    });

    test('of nobody, and of executions without any, are none', async () => {
      expect(await store().executions.signals([])).toEqual([]);
      expect(await store().executions.signals([newId()])).toEqual([]);
    });

    test('hold any text and any outcome', async () => {
      const to = ownedCreation();
      await commit(to);
      const output = { text: 'NUL \u0000, separator \u001e, half \udc00, 🎉', large: 'x'.repeat(100_000), n: 1e21 };
      const bodies: SignalBody[] = [
        { type: 'child-ended', executionId: newId(), outcome: { status: 'completed', output } },
        cancel('a "quote", a \\ and a \u0000'),
      ];
      for (const body of bodies) await post(to, body);
      const posted = await commit(following(to, { posts: bodies.map((body) => signalTo(to, body)) }));
      expect(posted).toEqual([{ result: 'committed' }]);
      expect(await signalsOf(store(), to.executionId)).toEqual([...bodies, ...bodies]);
      await store().executions.quarantine(to.executionId, FAILURE);
      expect(await store().executions.delete(to.projectId, to.executionId)).toBe(true);
    });
  });

  describe('post', () => {
    test('reaches executions that can still take it in, whoever owns them', async () => {
      const [queued, waits, failed] = [creation(), ownedCreation(), ownedCreation()];
      await commit(queued, waits, failed);
      await commit(resting(waits), failing(failed));
      for (const one of [queued, waits, failed]) {
        expect(await post(one)).toBe(true);
        expect(await signalsOf(store(), one.executionId)).toHaveLength(1);
      }
    });

    test('is false where there is no such execution, or it is of another project', async () => {
      const to = ownedCreation();
      await commit(to);
      expect(await post(creation())).toBe(false);
      expect(await post({ ...to, projectId: newId() })).toBe(false);
      expect(await signalsOf(store(), to.executionId)).toEqual([]);
    });

    test('is false where the execution has ended for good', async () => {
      const [completed, canceled] = [endedCreation(), endedCreation({ status: 'canceled' })];
      await commit(completed, canceled);
      for (const one of [completed, canceled]) {
        expect(await post(one)).toBe(false);
        expect(await signalsOf(store(), one.executionId)).toEqual([]);
      }
    });
  });

  describe('postToEach', () => {
    test('reaches those that have the status, once, and none of another project', async () => {
      const projectId = newId();
      const [one, two, ended, foreign] = [
        creation({ projectId }),
        creation({ projectId }),
        endedCreation({ projectId }),
        creation(),
      ];
      await commit(one, two, ended, foreign);
      await post(one, { type: 'pause', reason: 'first' });
      const ids = [one, two, ended, foreign].map(({ executionId }) => executionId);
      const each = { projectId, ids, statuses: ['pending' as const], signal: cancel('all') };
      const reached = [one.executionId, two.executionId].sort();
      expect((await store().executions.postToEach(each)).sort()).toEqual(reached);
      const again = await Promise.all([1, 2, 3].map(() => store().executions.postToEach(each)));
      for (const told of again) expect(told.sort()).toEqual(reached);
      const types = async ({ executionId }: Commit) =>
        (await signalsOf(store(), executionId)).map((signal) => (signal as SignalBody).type);
      expect(await types(one)).toEqual(['pause', 'cancel']);
      expect(await types(two)).toEqual(['cancel']);
      expect(await types(ended)).toEqual([]);
      expect(await types(foreign)).toEqual([]);
      expect(await store().executions.postToEach({ ...each, ids: [] })).toEqual([]);
    });
  });

  describe('postToWorkflow', () => {
    test('reaches every execution of the workflow that has not ended, and no other', async () => {
      const workflowId = newId();
      const projectId = newId();
      const of = { projectId };
      const living = [creation(of, { workflowId }), ownedCreation(newId(), of)];
      const owned = { ...living[1], create: { ...living[1]!.create!, workflowId } } as Commit;
      const others = [endedCreation(of, { workflowId }), creation(of), creation({}, { workflowId })];
      await commit(living[0] as Commit, owned, ...others);
      expect(await store().executions.postToWorkflow(projectId, workflowId, cancel('all'))).toBe(2);
      const ids = [...living, ...others].map((one) => one.executionId);
      const told = (await store().executions.signals(ids)).map((one) => one.executionId);
      expect(told.sort()).toEqual(living.map((one) => one.executionId).sort());
    });
  });

  describe('tidy', () => {
    test('removes signals that came too late, and no others', async () => {
      const [ended, waits] = [ownedCreation(), ownedCreation()];
      await commit(ended, waits);
      await post(ended);
      await post(waits);
      await commit(following(ended, { status: 'completed', owner: null }));
      await store().executions.tidy(Date.now());
      expect(await signalsOf(store(), ended.executionId)).toEqual([]);
      expect(await signalsOf(store(), waits.executionId)).toHaveLength(1);
    });

    test('removes keys that have expired', async () => {
      const at = Date.now() + 3_600_000;
      const held = ownedCreation();
      const create = { ...held.create!, key: { key: 'k', expiresAt: at } };
      await commit({ ...held, create });
      await store().executions.tidy(at - 1);
      expect(await store().executions.byKey(held.projectId, 'k')).toBe(held.executionId);
      await store().executions.tidy(at + 1);
      expect(await store().executions.byKey(held.projectId, 'k')).toBeUndefined();
    });
  });

  describe('signaled', () => {
    test("names the owner's executions that have signals, each once", async () => {
      const owner = newId();
      const [one, two, quiet] = [ownedCreation(owner), ownedCreation(owner), ownedCreation(owner)];
      const foreign = ownedCreation();
      await commit(one, two, quiet, foreign);
      for (const to of [one, two, one, foreign]) await post(to);
      expect((await store().executions.signaled(owner)).sort()).toEqual([one.executionId, two.executionId].sort());
      const taken = (await store().executions.signals([one.executionId])).map(({ id }) => id);
      await commit(following(one, { taken }), resting(two));
      expect(await store().executions.signaled(owner)).toEqual([]);
    });
  });
}

export function timerSuite(store: () => Store): void {
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  const fire = (now: number, limit = 100) => store().executions.fireTimers(now, limit);
  const timer = (at: number) => ({ timerId: newId(), at });

  beforeEach(() => drainTimers(store()));

  describe('fireTimers', () => {
    test('turns what is due into signals, once, and says when the next is due', async () => {
      const [early, due, later] = [timer(1000), timer(2000), timer(2001)];
      const owner = { ...ownedCreation(), arm: [due, later, early] };
      await commit(owner);
      expect(await fire(999)).toEqual({ fired: 0, nextAt: 1000 });
      expect(await fire(2000)).toEqual({ fired: 2, nextAt: 2001 });
      expect(await fire(2000)).toEqual({ fired: 0, nextAt: 2001 });
      expect(await fire(9999)).toEqual({ fired: 1, nextAt: null });
      expect(await fire(9999)).toEqual({ fired: 0, nextAt: null });
      const fired = (await signalsOf(store(), owner.executionId)) as { timerId: string }[];
      const body = ({ timerId }: { timerId: string }) => ({ type: 'timer', timerId });
      expect(fired.slice(0, 2)).toEqual(expect.arrayContaining([body(early), body(due)]));
      expect(fired.slice(2)).toEqual([body(later)]);
    });

    test('fires at most as many as asked for, the earliest first', async () => {
      const [first, second, third] = [timer(1000), timer(1001), timer(1002)];
      const owner = { ...ownedCreation(), arm: [third, first, second] };
      await commit(owner);
      expect(await fire(5000, 1)).toEqual({ fired: 1, nextAt: 1001 });
      expect(await fire(5000, 1)).toEqual({ fired: 1, nextAt: 1002 });
      expect(await fire(5000, 1)).toEqual({ fired: 1, nextAt: null });
      const bodies = [first, second, third].map(({ timerId }) => ({ type: 'timer', timerId }));
      expect(await signalsOf(store(), owner.executionId)).toEqual(bodies);
    });

    test('fires each timer once, however many look', async () => {
      const owners = Array.from({ length: 10 }, () => ({
        ...ownedCreation(),
        arm: Array.from({ length: 5 }, (_, n) => timer(1000 + n)),
      }));
      await commit(...owners);
      const rounds = await Promise.all(Array.from({ length: 6 }, () => fire(5000, 15)));
      const rest = await fire(5000, 1000);
      expect([...rounds, rest].reduce((sum, { fired }) => sum + fired, 0)).toBe(50);
      for (const { executionId, arm } of owners) {
        const fired = (await signalsOf(store(), executionId)) as { timerId: string }[];
        expect(fired.map(({ timerId }) => timerId).sort()).toEqual(arm.map(({ timerId }) => timerId).sort());
      }
    });

    test('wakes an execution that waits', async () => {
      const first = ownedCreation();
      await commit(first);
      await commit(resting(first, { arm: [timer(1000)] }));
      await fire(1000);
      const claimed = await claimAs(store(), newId(), 1000);
      expect(claimed.map(({ id }) => id)).toContain(first.executionId);
    });

    test('does not fire what was disarmed, be it in the same commit', async () => {
      const [kept, gone, brief] = [timer(1000), timer(1000), timer(1000)];
      const first = { ...ownedCreation(), arm: [kept, gone] };
      await commit(first);
      await commit(following(first, { arm: [brief], disarm: [gone.timerId, brief.timerId, newId()] }));
      expect(await fire(5000)).toEqual({ fired: 1, nextAt: null });
      expect(await signalsOf(store(), first.executionId)).toEqual([{ type: 'timer', timerId: kept.timerId }]);
    });

    test('takes times far beyond any 32-bit number', async () => {
      const far = timer(8_640_000_000_000_000);
      await commit({ ...ownedCreation(), arm: [far] });
      expect(await fire(Date.now())).toEqual({ fired: 0, nextAt: far.at });
    });
  });
}
