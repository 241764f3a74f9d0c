import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bucketOf, parseDurations } from '../../core/durations.ts';
import type { Status } from '../../core/execution/index.ts';
import type { Ticket } from '../../core/flow/ticket.ts';
import { HOUR_MS, MINUTE_MS } from '../../ports/figures.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import {
  creation,
  endedCreation,
  FAILURE,
  failing,
  following,
  idAt,
  newId,
  newWorkflow,
  nodeCompleted,
  ownedCreation,
} from '../factories.ts';

const LANE = `${newId()}:concurrency:`;
const TICKET: Ticket = {
  ...{ lane: LANE, depth: 10, gather: null, size: 0 },
  gates: [{ lane: LANE, limit: 1, perMs: null }],
};

export function figureSuite(store: () => Store): void {
  describe('figures', () => {
    const workflowId = newId();
    let projectId: string;
    let now: number;
    /** Begin of the present minute. */
    let minute: number;

    /** Failed in a workflow of its own, in an hour of which nothing is counted any more. */
    const oldWorkflow = newWorkflow();
    const oldAt = Date.now() - 2 * HOUR_MS;
    const old = endedCreation(
      { projectId: DEFAULT_PROJECT, executionId: idAt(oldAt), owner: newId(), status: 'failed', finishedAt: oldAt },
      { workflowId: oldWorkflow.id, createdAt: oldAt },
    );

    beforeAll(async () => {
      await store().workflows.create(oldWorkflow);
      // Nothing that is older than the oldest execution is ever looked for.
      await store().executions.commit([old]);
      await catchUp();
    });

    beforeEach(() => {
      projectId = newId();
      now = Date.now();
      minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    });

    const options = { minutes: 60, settleMs: 30 * MINUTE_MS, settles: true, since: oldAt };
    const count = () => store().figures.count(options);
    /** Also settles all but so many minutes before the present one. */
    const settle = (ago: number) => store().figures.count({ ...options, settleMs: ago * MINUTE_MS });
    /** Counts whatever other tests have left. */
    async function catchUp(): Promise<void> {
      while ((await count())?.behind === true);
    }

    const commit = (...commits: Commit[]) => store().executions.commit(commits);
    /** Waits for its admission. */
    const held = (of: Partial<Commit>, by = workflowId) => creation(of, { workflowId: by, ticket: TICKET });
    /** Accepted at this time, begun at once, and completed after so many milliseconds. */
    const ran = (at: number, ms: number, over: Partial<Commit> = {}) =>
      endedCreation({ projectId, startedAt: at, finishedAt: at + ms, ...over }, { workflowId, createdAt: at });
    const rows = (over: object = {}) =>
      store().figures.series({ projectId, from: minute - HOUR_MS, to: now + HOUR_MS, stepMs: MINUTE_MS, ...over });
    const sums = async (over: object = {}) => {
      const all = await rows(over);
      const names = ['started', 'completed', 'failed', 'compensated', 'canceled'] as const;
      return names.map((name) => all.reduce((total, row) => total + row[name], 0));
    };

    test('count what started and how it ended, and how long what completed took', async () => {
      await commit(
        ran(minute, 5),
        ran(minute, 100),
        ran(minute, 9, { status: 'failed' }),
        ran(minute, 9, { status: 'compensated' }),
        ran(minute, 9, { status: 'compensation_failed' }),
        ran(minute, 9, { status: 'canceled' }),
        creation({ projectId }, { workflowId, createdAt: minute }),
      );
      await count();
      const [row, ...others] = await rows({ stepMs: MINUTE_MS });
      expect(others).toEqual([]);
      const { durations, ...counts } = row!;
      const ends = { completed: 2, failed: 2, compensated: 1, canceled: 1 };
      expect(counts).toEqual({ at: minute, started: 7, ...ends, durationMs: 105 });
      expect(parseDurations(durations)).toEqual(
        new Map([
          [bucketOf(5), 1],
          [bucketOf(100), 1],
        ]),
      );
    });

    test('an end counts in its own minute, and counting again changes nothing', async () => {
      await commit(ran(minute - MINUTE_MS, MINUTE_MS + 1));
      await count();
      const before = await rows();
      expect(before.map(({ at, started, completed }) => [at, started, completed])).toEqual([
        [minute - MINUTE_MS, 1, 0],
        [minute, 0, 1],
      ]);
      await count();
      expect(await rows()).toEqual(before);
    });

    test('what comes later into a minute that is not settled is counted; an execution led on has not ended', async () => {
      const one = ownedCreation(newId(), { projectId });
      await commit(one);
      await commit(failing(one, { owner: one.owner, finishedAt: now }));
      await count();
      expect(await sums()).toEqual([1, 0, 1, 0, 0]);
      await commit(following(one, { firstSeq: 4, status: 'running', revived: true }), ran(minute, 1));
      await count();
      expect(await sums()).toEqual([2, 1, 0, 0, 0]);
    });

    test('are those of a workflow, or of the whole project, and of no other', async () => {
      const other = endedCreation({ projectId, finishedAt: now }, { createdAt: now });
      await commit(ran(minute, 5), other, endedCreation({ finishedAt: now }, { workflowId, createdAt: now }));
      await count();
      expect(await sums()).toEqual([2, 2, 0, 0, 0]);
      expect(await sums({ workflowId })).toEqual([1, 1, 0, 0, 0]);
      expect(await sums({ workflowId: other.workflowId })).toEqual([1, 1, 0, 0, 0]);
      expect(await sums({ projectId: newId() })).toEqual([0, 0, 0, 0, 0]);
    });

    test('add up to wider steps', async () => {
      await commit(ran(minute, 5), ran(minute - MINUTE_MS, 5));
      await count();
      const from = Math.floor(minute / HOUR_MS) * HOUR_MS - HOUR_MS;
      const inHours = await rows({ stepMs: HOUR_MS, from });
      expect(inHours.reduce((sum, { completed }) => sum + completed, 0)).toBe(2);
      for (const { at } of inHours) expect(at % HOUR_MS).toBe(0);
      const durations = inHours.map((row) => row.durations).join(' ');
      expect(parseDurations(durations)).toEqual(new Map([[bucketOf(5), 2]]));
      expect((await rows({ stepMs: 5 * MINUTE_MS, from })).reduce((sum, { started }) => sum + started, 0)).toBe(2);
    });

    test('tell what there is now, as far as it is counted', async () => {
      const many = Array.from({ length: 3 }, () => creation({ projectId }, { workflowId }));
      const one = ownedCreation(newId(), { projectId });
      await commit(...many, held({ projectId }), one, ran(minute, 5));
      await commit(ownedCreation(newId(), { projectId, status: 'waiting' }));
      const present = (of: string | undefined, limit: number) => store().figures.present(projectId, of, limit);
      expect(await present(undefined, 10)).toEqual({ queued: 3, held: 1, running: 1, waiting: 1 });
      expect(await present(undefined, 2)).toEqual({ queued: 2, held: 1, running: 1, waiting: 1 });
      expect(await present(workflowId, 9)).toEqual({ queued: 3, held: 1, running: 0, waiting: 0 });
    });

    test('remember the most there were at once, where somebody looked', async () => {
      // Only projects that there are are looked at.
      const of = { projectId: DEFAULT_PROJECT };
      const [busy, idle] = [newId(), newId()];
      const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
      const levels = (workflowId: string, over: object = {}) =>
        store().figures.levels({ ...of, workflowId, from: hour, to: hour + 2 * HOUR_MS, stepMs: HOUR_MS, ...over });
      const most = async (workflowId: string) => {
        const all = await levels(workflowId);
        const names = ['queued', 'held', 'running', 'waiting'] as const;
        return names.map((name) => Math.max(...all.map((row) => row[name])));
      };
      const look = () => store().figures.count({ ...options, looks: true });
      const first = ownedCreation(newId(), of);
      const create = { ...first.create!, workflowId: busy };
      await commit(creation(of, { workflowId: busy }), held(of, busy), { ...first, workflowId: busy, create });
      await look();
      expect(await most(busy)).toEqual([1, 1, 1, 0]);
      expect(await most(idle)).toEqual([0, 0, 0, 0]);
      await commit(following(first, { status: 'waiting' }), creation(of, { workflowId: busy }));
      await look();
      expect(await most(busy)).toEqual([2, 1, 1, 1]);
      const byMinute = await levels(busy, { stepMs: MINUTE_MS });
      expect(Math.max(...byMinute.map(({ queued }) => queued))).toBe(2);
      expect(await levels(busy, { from: hour - HOUR_MS, to: hour - MINUTE_MS, stepMs: MINUTE_MS })).toEqual([]);
      const [whole] = await store().figures.levels({ ...of, from: hour, to: hour + 2 * HOUR_MS, stepMs: HOUR_MS });
      expect(whole?.queued).toBeGreaterThanOrEqual(2);
    });

    test('tell of every workflow its last execution and its hours', async () => {
      const [used, idle] = [newWorkflow(), newWorkflow()];
      for (const one of [used, idle]) await store().workflows.create(one);
      const of = (status: Status) =>
        endedCreation(
          { projectId: DEFAULT_PROJECT, status, startedAt: now, finishedAt: now },
          { workflowId: used.id, createdAt: now },
        );
      const all = [of('completed'), of('compensated'), of('canceled'), of('failed')];
      await commit(...all);
      await count();
      const since = Math.floor(now / HOUR_MS) * HOUR_MS;
      const found = await store().figures.workflows(DEFAULT_PROJECT, since, { limit: 10_000 });
      const find = (id: string) => found.find((one) => one.workflowId === id);
      expect(find(used.id)).toEqual({
        workflowId: used.id,
        workflowName: used.definition.name,
        last: { id: all[3]?.executionId, status: 'failed', at: now },
        hours: [{ at: since, started: 4, completed: 1, failed: 1, compensated: 1, canceled: 1 }],
        durations: '0:1',
      });
      expect(find(idle.id)).toMatchObject({ last: null, hours: [], durations: '' });
      expect(found.map((one) => one.workflowName)).toEqual(found.map((one) => one.workflowName).toSorted());
      expect(await store().figures.workflows(newId(), since, { limit: 10 })).toEqual([]);
      const names = found.map((one) => one.workflowName);
      const [after = '', ...next] = names.slice(-3);
      const page = await store().figures.workflows(DEFAULT_PROJECT, since, { after, limit: 1 });
      expect(page.map((one) => one.workflowName)).toEqual(next.slice(0, 1));
    });

    /** Accepted, and ended at the same time, in a way out of which it can be led on. */
    const failed = (at: number, status: 'failed' | 'compensation_failed' = 'failed') => {
      const over = { projectId, executionId: idAt(at), owner: newId(), status, startedAt: at, finishedAt: at };
      return endedCreation(over, { workflowId, createdAt: at });
    };
    const ledOn = (before: Commit, over: Partial<Commit> = {}) => following(before, { revived: true, ...over });
    const byMinute = async () => (await rows()).map((row) => [row.at, row.started, row.completed, row.failed]);

    test('an execution that is led on has the end that it comes to, and no other, whatever was settled', async () => {
      const [first, second, third] = [25, 15, 5].map((ago) => minute - ago * MINUTE_MS) as [number, number, number];
      const [mended, twice, atOnce, undone] = [failed(first), failed(first), failed(first), failed(first)];
      const half = failed(first, 'compensation_failed');
      const [canceled, left, foreign] = [failed(first), failed(first), failed(first)];
      await commit(mended, twice, atOnce, undone, half, canceled, left, foreign);
      await settle(20);
      expect(await sums()).toEqual([8, 0, 8, 0, 0]);

      const onTheirWay = [mended, twice, undone, half, canceled].map((one) => ledOn(one));
      const failsAgain = ledOn(atOnce, { status: 'failed', finishedAt: second });
      const stranger = ledOn(foreign, { writer: newId() });
      const results = await commit(...onTheirWay, failsAgain, stranger);
      expect(results.map(({ result }) => result)).toEqual([...Array(6).fill('committed'), 'refused']);
      await count();
      expect(await sums()).toEqual([8, 0, 3, 0, 0]);

      const statuses = ['completed', 'failed', 'compensated', 'compensated', 'canceled'] as const;
      const ends = onTheirWay.map((one, index) => following(one, { status: statuses[index]!, finishedAt: second }));
      await commit(...ends);
      await settle(10);
      expect(await sums()).toEqual([8, 1, 4, 2, 1]);
      expect(await byMinute()).toEqual([
        [first, 8, 0, 2],
        [second, 0, 1, 2],
      ]);

      const again = [ends[1]!, failsAgain].map((one) => ledOn(one));
      await commit(...again);
      await count();
      expect(await sums()).toEqual([8, 1, 2, 2, 1]);
      await commit(...again.map((one) => following(one, { status: 'completed', finishedAt: third })));
      await count();
      const all = [8, 3, 2, 2, 1];
      expect(await sums()).toEqual(all);
      expect(await sums({ workflowId })).toEqual(all);
      const from = Math.floor(first / HOUR_MS) * HOUR_MS;
      expect(await sums({ from, stepMs: HOUR_MS })).toEqual(all);
      expect(await store().executions.get(projectId, left.executionId)).toMatchObject({ finishedAt: first });
    });

    test('how long an execution took that was led on is the time since then', async () => {
      const [mended, twice] = [failed(minute - HOUR_MS), failed(minute - HOUR_MS)];
      await commit(mended, twice);
      const at = (time: number) => [{ ...nodeCompleted({ ok: true }), at: time }];
      const [once, first] = [mended, twice].map((one) => ledOn(one, { events: at(minute - 5_000) }));
      const again = failing(first!, { owner: first!.owner, finishedAt: minute - 4_000 });
      await commit(once!, first!);
      await commit(again);
      const second = ledOn(again, { events: at(minute - 40) });
      await commit(second);
      await commit(...[once!, second].map((one) => following(one, { status: 'completed', finishedAt: minute })));
      await count();
      const { durationMs, durations } = (await rows()).at(-1)!;
      expect(durationMs).toBe(5_040);
      expect(parseDurations(durations)).toEqual(new Map([5_000, 40].map((ms) => [bucketOf(ms), 1])));
    });

    test('an end is taken back once, also where its minute is settled in the round that sees it', async () => {
      const at = minute - 9 * MINUTE_MS;
      const [mended, left] = [failed(at), failed(at)];
      await commit(mended, left);
      await count();
      await commit(ledOn(mended));
      await settle(8);
      await count();
      expect(await sums()).toEqual([2, 0, 1, 0, 0]);
    });

    test('a workflow has no failure any more that was taken back, though nothing else happened in its hours', async () => {
      const since = Math.floor(oldAt / HOUR_MS) * HOUR_MS;
      const failures = async () => {
        const all = await store().figures.workflows(DEFAULT_PROJECT, since, { limit: 10_000 });
        const hours = all.find((one) => one.workflowId === oldWorkflow.id)?.hours ?? [];
        return hours.map(({ started, failed }) => [started, failed]);
      };
      const of = { projectId: DEFAULT_PROJECT, workflowId: oldWorkflow.id, from: since };
      expect(await failures()).toEqual([[1, 1]]);
      await commit(ledOn(old));
      await count();
      expect(await failures()).toEqual([[1, 0]]);
      for (const stepMs of [MINUTE_MS, HOUR_MS]) expect(await sums({ ...of, stepMs })).toEqual([1, 0, 0, 0, 0]);
    });

    test('one that failed, and fails anew since nobody can read it, has failed once', async () => {
      const at = minute - 7 * MINUTE_MS;
      const one = failed(at);
      await commit(one);
      await settle(6);
      await store().executions.quarantine(one.executionId, FAILURE, newId());
      await count();
      expect((await byMinute()).map(([, started, , failures]) => [started, failures])).toEqual([[1, 1]]);
      await store().executions.quarantine(one.executionId, FAILURE, one.owner ?? '');
      await count();
      expect((await byMinute()).map(([, started, , failures]) => [started, failures])).toEqual([
        [1, 0],
        [0, 1],
      ]);
    });

    test('a minute that is settled stays as it is', async () => {
      await settle(5);
      await commit(ran(minute - 10 * MINUTE_MS, 5));
      await count();
      expect(await sums()).toEqual([0, 0, 0, 0, 0]);
      const [lasting, gone] = [ran(minute, 5), ran(minute, 5)];
      await commit(lasting, gone);
      await store().figures.count({ ...options, settleMs: -MINUTE_MS });
      await store().executions.delete(projectId, gone.executionId);
      await count();
      expect(await sums()).toEqual([2, 2, 0, 0, 0]);
    });

    test('are forgotten by their age', async () => {
      // Of other tests, too: it is the last.
      await store().figures.forget(Date.now() + HOUR_MS);
      expect(await rows()).toEqual([]);
      expect(await rows({ stepMs: HOUR_MS })).toEqual([]);
    });
  });
}
