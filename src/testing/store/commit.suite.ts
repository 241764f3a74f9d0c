import { describe, expect, test } from 'vitest';
import type { Commit, CommitResult, Store } from '../../ports/store.ts';
import {
  creation,
  endedCreation,
  FAILURE,
  failing,
  following,
  NOW,
  newId,
  nodeCompleted,
  ownedCreation,
  resting,
  signalTo,
} from '../factories.ts';
import { signalsOf } from './drain.ts';

export const COMMITTED: CommitResult = { result: 'committed' };
export const REFUSED: CommitResult = { result: 'refused' };

export function commitSuite(store: () => Store): void {
  describe('commit', () => {
    const commit = (...commits: Commit[]) => store().executions.commit(commits);
    const row = ({ projectId, executionId }: Commit) => store().executions.get(projectId, executionId);
    const history = async ({ executionId }: Commit) =>
      (await store().executions.histories([executionId])).get(executionId) ?? [];

    test('creates an execution with its events', async () => {
      const first = creation({}, { priority: 2, version: 7, triggerId: 'nightly' });
      expect(await commit(first)).toEqual([COMMITTED]);
      expect(await row(first)).toEqual({
        id: first.executionId,
        projectId: first.projectId,
        workflowId: first.create.workflowId,
        workflowName: '(deleted)',
        version: 7,
        status: 'pending',
        triggerId: 'nightly',
        parentId: null,
        createdAt: NOW,
        startedAt: null,
        finishedAt: null,
        error: null,
      });
      expect(await history(first)).toEqual(first.events);
    });

    test('creates and ends an execution at once', async () => {
      const whole = endedCreation();
      expect(await commit(whole)).toEqual([COMMITTED]);
      expect(await row(whole)).toMatchObject({ status: 'completed', startedAt: NOW + 1, finishedAt: NOW + 3 });
      expect(await history(whole)).toEqual(whole.events);
    });

    test('moves an execution on, as long as its owner writes', async () => {
      const first = ownedCreation();
      const second = following(first, { events: [nodeCompleted(1), nodeCompleted(2)] });
      const last = failing(second);
      for (const one of [first, second, last]) expect(await commit(one)).toEqual([COMMITTED]);
      expect(await row(first)).toMatchObject({
        status: 'failed',
        startedAt: NOW + 1,
        finishedAt: NOW + 3,
        error: FAILURE,
      });
      expect(await history(first)).toEqual([...first.events, ...second.events, ...last.events]);
    });

    test('clears the error and the end when an execution goes on', async () => {
      const first = ownedCreation();
      const failed = failing(first, { owner: first.owner });
      const retried = following(failed, { status: 'pending' });
      for (const one of [first, failed, retried]) await commit(one);
      expect(await row(first)).toMatchObject({ status: 'pending', finishedAt: null, error: null });
    });

    test('leaves the end as it was where an ended one took a signal too late', async () => {
      const first = ownedCreation();
      const failed = failing(first, { owner: first.owner });
      const late = failing(failed, { events: [], finishedAt: null });
      for (const one of [first, failed, late]) expect(await commit(one)).toEqual([COMMITTED]);
      expect(await row(first)).toMatchObject({ status: 'failed', finishedAt: NOW + 3, error: FAILURE });
    });

    test('takes an empty batch', async () => {
      expect(await commit()).toEqual([]);
    });

    test('takes a commit without events', async () => {
      const first = ownedCreation();
      await commit(first);
      expect(await commit(resting(first, { events: [] }))).toEqual([COMMITTED]);
      expect(await row(first)).toMatchObject({ status: 'waiting' });
      expect(await history(first)).toEqual(first.events);
    });

    test('takes hundreds of commits at once, results in the order given', async () => {
      const owned = Array.from({ length: 150 }, () => ownedCreation());
      const fresh = Array.from({ length: 150 }, () => endedCreation());
      await commit(...owned);
      const mixed = owned.flatMap((one, index) => {
        const writer = index % 3 === 0 ? newId() : one.writer;
        return [following(one, { writer }), fresh[index] as Commit];
      });
      const expected = owned.flatMap((_, index) => [index % 3 === 0 ? REFUSED : COMMITTED, COMMITTED]);
      expect(await commit(...mixed)).toEqual(expected);
      const histories = await store().executions.histories(mixed.map((one) => one.executionId));
      const lengths = mixed.map((one) => histories.get(one.executionId)?.length);
      expect(lengths).toEqual(owned.flatMap((_, index) => [index % 3 === 0 ? 2 : 3, 3]));
    });

    test('takes batches side by side', async () => {
      const batches = Array.from({ length: 6 }, () => Array.from({ length: 10 }, () => ownedCreation()));
      const results = await Promise.all(batches.map((batch) => commit(...batch)));
      expect(results.flat()).toEqual(Array.from({ length: 60 }, () => COMMITTED));
      const next = await Promise.all(batches.map((batch) => commit(...batch.map((one) => resting(one)))));
      expect(next.flat()).toEqual(Array.from({ length: 60 }, () => COMMITTED));
    });

    test('keeps errors with any text', async () => {
      const error = { ...FAILURE, message: 'NUL \u0000, separator \u001e, half \ud83d, quote \' " \\' };
      const plain = endedCreation();
      const odd = endedCreation({ status: 'failed', error });
      const owned = ownedCreation();
      await commit(plain, odd, owned);
      await commit(failing(owned, { error }));
      expect((await row(odd))?.error).toEqual(error);
      expect((await row(owned))?.error).toEqual(error);
      expect((await row(plain))?.error).toBeNull();
    });

    test('takes signals out that the decision has taken in, and no others', async () => {
      const first = ownedCreation();
      const other = ownedCreation();
      await commit(first, other);
      for (const to of [first, first, other]) await store().executions.post(signalTo(to));
      const [one, two, three] = await store().executions.signals([first.executionId, other.executionId]);
      await commit(following(first, { taken: [one?.id as string] }));
      expect(await store().executions.signals([first.executionId, other.executionId])).toEqual([two, three]);
    });

    test('posts signals to other executions', async () => {
      const parent = ownedCreation();
      const child = ownedCreation();
      await commit(parent, child);
      const ended = { status: 'completed', output: { n: [1, 2] } } as const;
      const signal = { type: 'child-ended', executionId: child.executionId, outcome: ended } as const;
      await commit(resting(child, { status: 'completed', posts: [signalTo(parent, signal)] }));
      expect(await signalsOf(store(), parent.executionId)).toEqual([signal]);
    });

    test('is not disturbed by a signal to an execution that does not exist', async () => {
      const first = ownedCreation();
      await commit(first);
      expect(await commit(following(first, { posts: [signalTo(creation())] }))).toEqual([COMMITTED]);
    });

    childTests(store, commit, row, history);
  });
}

type Ask<T> = (commit: Commit) => Promise<T>;
type Write = (...commits: Commit[]) => Promise<CommitResult[]>;

function childTests(store: () => Store, commit: Write, row: Ask<unknown>, history: Ask<unknown[]>): void {
  const childOf = (parent: Commit, over: Partial<Commit> = {}) =>
    creation({ projectId: parent.projectId, ...over }, { parentId: parent.executionId });

  test('creates children together with their parent, and children of those', async () => {
    const parent = ownedCreation();
    const grandchild = childOf(parent);
    const child = childOf(parent, { children: [grandchild] });
    expect(await commit({ ...parent, children: [child, childOf(parent)] })).toEqual([COMMITTED]);
    expect(await row(child)).toMatchObject({ parentId: parent.executionId, status: 'pending' });
    expect(await history(child)).toEqual(child.events);
    expect(await history(grandchild)).toEqual(grandchild.events);
  });

  test('creates children with a later commit of their parent', async () => {
    const parent = ownedCreation();
    const child = childOf(parent);
    await commit(parent);
    expect(await commit(resting(parent, { children: [child] }))).toEqual([COMMITTED]);
    expect(await row(child)).toMatchObject({ parentId: parent.executionId });
  });

  test('delivers a signal to a child that is created in the same commit', async () => {
    const parent = ownedCreation();
    const child = childOf(parent);
    await commit({ ...parent, children: [child], posts: [signalTo(child)] });
    expect(await signalsOf(store(), child.executionId)).toEqual([signalTo(child).signal]);
  });
}
