import { describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../core/cloud-event.ts';
import type { LetterQuery, NewLetter } from '../../ports/dead-letters.ts';
import type { Commit, Store } from '../../ports/store.ts';
import {
  creation,
  endedCreation,
  FAILURE,
  failing,
  following,
  HOUR,
  letterOf,
  NOW,
  newId,
  newWorkflow,
  ownedCreation,
  RETRY,
} from '../factories.ts';
import { signalsOf } from './drain.ts';
import { letterSteps } from './letter-steps.ts';

const DELAY_MS = 5 * 60_000;

export function deadLetterSuite(store: () => Store): void {
  const { letters, commit, get, fallen, inProject, requeue, note, claim } = letterSteps(store);

  describe('a dead letter', () => {
    test('of what never was in the log is written once, with the message that tells of it', async () => {
      const { messages } = store();
      const about = { id: newId(), source: 'message', executionId: null, automatic: false } as const;
      const letter = letterOf(ownedCreation(), about);
      const { projectId } = letter;
      const alert: CloudEvent = { specversion: '1.0', id: newId(), source: '/t', type: 'a' };
      const left = { letter, messages: [{ projectId, event: alert }] };
      expect(await messages.setAside([left, left])).toBe(1);
      expect(await get(letter)).toMatchObject({ ...about, status: 'NEW' });
      await letters().archive({ ...note(projectId), ids: [letter.id] });
      expect(await messages.setAside([left])).toBe(0);
      expect(await get(letter)).toMatchObject({ status: 'ARCHIVED' });
      const told: string[] = [];
      await messages.relay(NOW, 1_000, async (messages) => {
        told.push(...messages.filter((one) => one.projectId === projectId).map(({ event }) => event.id));
        return { done: messages.map((one) => one.id), putOff: [] };
      });
      expect(told).toEqual([alert.id]);
    });

    test('of a message is requeued by one, together with the message', async () => {
      const { messages } = store();
      const about = { id: newId(), source: 'message', executionId: null, workflowId: null, automatic: false } as const;
      const letter = letterOf(ownedCreation(), about);
      const { id, projectId } = letter;
      const sent = (key: string): CloudEvent => ({ specversion: '1.0', id: key, source: '/t', type: 'a', data: 'x' });
      const mine = async () => {
        const found: string[] = [];
        await messages.relay(NOW, 1_000, async (messages) => {
          found.push(...messages.filter((one) => one.projectId === projectId).map(({ event }) => event.id));
          return { done: messages.map((one) => one.id), putOff: [] };
        });
        return found;
      };
      await messages.add([{ projectId, event: sent('m') }]);
      await messages.relay(NOW, 1_000, async (messages) => ({
        ...{ done: messages.map((one) => one.id), putOff: [], letters: [letter] },
        messages: [{ projectId, event: sent('alert') }],
      }));
      expect(await get(letter)).toMatchObject({ ...about, status: 'NEW', retryAt: null });
      expect(await mine()).toEqual(['alert']);
      expect(await requeue([id], projectId)).toEqual([]);
      const again = { id, projectId, event: sent('m'), now: NOW + 9 };
      expect(await letters().requeueMessage({ ...again, projectId: newId() })).toBe(false);
      const won = await Promise.all([1, 2, 3].map(() => letters().requeueMessage(again)));
      expect(won.filter((one) => one)).toHaveLength(1);
      expect(await get(letter)).toMatchObject({ status: 'RETRIED', retries: 1, retriedAs: null, updatedAt: NOW + 9 });
      expect(await mine()).toEqual(['m']);
      await letters().archive({ ...note(projectId), ids: [id] });
      expect(await letters().requeueMessage(again)).toBe(false);
      expect(await mine()).toEqual([]);
    });

    test('is written with the commit that fails, and says all of it', async () => {
      const workflow = newWorkflow();
      await store().workflows.create(workflow);
      const first = ownedCreation(newId(), { projectId: workflow.projectId });
      const letter = await fallen(
        { workflowId: workflow.id, originalEvent: { body: 'a\u0000b\u001ec \ud83d', n: 1 } },
        first,
      );
      const { originalEvent, ...row } = letter;
      const expected = {
        ...row,
        workflowName: workflow.definition.name,
        status: 'NEW',
        retries: 0,
        retryAt: letter.failedAt + DELAY_MS,
        retriedAs: null,
        reviewedBy: null,
        reviewedAt: null,
        notes: null,
        createdAt: letter.failedAt,
        updatedAt: letter.failedAt,
      };
      expect(await get(letter)).toEqual({ ...expected, originalEvent });
      const [listed] = await letters().list({ projectId: letter.projectId, workflowId: workflow.id, limit: 10 });
      expect(listed).toEqual(expected);
    });

    test('can have no workflow, node or event', async () => {
      const none = { workflowId: null, version: null, triggerId: null, path: null, originalEvent: null };
      const letter = await fallen(none);
      expect(await get(letter)).toMatchObject({ ...none, workflowName: null });
    });

    test('is not written with a commit that is refused', async () => {
      const first = ownedCreation();
      await commit(first);
      const letter = letterOf(first);
      await commit(failing(first, { writer: newId(), letter }));
      expect(await get(letter)).toBeUndefined();
    });

    test('is written for a child that fails as it is created', async () => {
      const parent = ownedCreation();
      const child = endedCreation({ projectId: parent.projectId, status: 'failed', error: FAILURE });
      const letter = letterOf(child);
      await commit({ ...parent, children: [{ ...child, letter }] });
      expect(await get(letter)).toMatchObject({ status: 'NEW' });
    });

    test('is known to its project only', async () => {
      const letter = await fallen();
      const other = newId();
      expect(await letters().get(other, letter.id)).toBeUndefined();
      expect(await letters().list({ projectId: other, limit: 10 })).toEqual([]);
      expect(await requeue([letter.id], other)).toEqual([]);
      expect(await letters().review({ ...note(other), id: letter.id })).toBe(false);
      expect(await letters().archive({ ...note(other), ids: [letter.id] })).toEqual([]);
      expect(await get(letter)).toMatchObject({ status: 'NEW', notes: null });
    });

    test('is NEW again with a second failure, and keeps what was noted', async () => {
      const first = ownedCreation();
      const letter = await fallen({}, first);
      await letters().review({ ...note(letter.projectId), id: letter.id });
      const owner = newId();
      await requeue([letter.id], letter.projectId);
      await claim(owner, first);
      const failed = failing(first);
      const on = following(failed, { writer: owner, owner, status: 'running', revived: true });
      await commit(on);
      const again = letterOf(first, {
        category: 'bug',
        action: 'mend it',
        fingerprint: 'other',
        error: { ...FAILURE, message: 'other' },
        path: 'send',
        attempts: 7,
        automatic: false,
        failedAt: NOW + HOUR,
      });
      await commit(failing(on, { letter: again }));
      const { originalEvent: _, ...facts } = again;
      expect(await get(letter)).toMatchObject({
        ...facts,
        originalEvent: letter.originalEvent,
        ...{ status: 'NEW', retries: 1, retryAt: null, reviewedBy: 'ann', notes: 'seen' },
        ...{ createdAt: letter.failedAt, updatedAt: NOW + HOUR },
      });
    });

    test('is RETRIED once its execution was led on by any other way', async () => {
      const first = ownedCreation();
      const letter = await fallen({}, first);
      const owner = newId();
      await store().executions.post({ ...first, signal: RETRY });
      await claim(owner, first);
      await commit(following(failing(first), { writer: owner, owner, revived: true }));
      expect(await get(letter)).toMatchObject({ status: 'RETRIED', retries: 1, retryAt: null });
    });

    test('goes with its execution once it is resolved, and stays where it is not', async () => {
      const projectId = newId();
      const [open, archived] = [await fallen({}, inProject(projectId)), await fallen({}, inProject(projectId))];
      await letters().archive({ ...note(projectId), ids: [archived.id] });
      for (const { id } of [open, archived]) expect(await store().executions.delete(projectId, id)).toBe(true);
      expect(await get(open)).toMatchObject({ status: 'NEW', originalEvent: open.originalEvent });
      expect(await get(archived)).toBeUndefined();
    });

    test('stays away when its execution is led on after it was archived', async () => {
      const first = ownedCreation();
      const letter = await fallen({}, first);
      await letters().archive({ ...note(letter.projectId), ids: [letter.id] });
      const owner = newId();
      await store().executions.post({ ...first, signal: RETRY });
      await claim(owner, first);
      await commit(following(failing(first), { writer: owner, owner, revived: true }));
      expect(await get(letter)).toMatchObject({ status: 'ARCHIVED', retries: 0 });
    });
  });

  describe('the list of dead letters', () => {
    const ids = async (query: Partial<LetterQuery> & { projectId: string }) =>
      (await letters().list({ limit: 10, ...query })).map(({ id }) => id);

    test('has the latest failure first, page by page', async () => {
      const projectId = newId();
      const at = [NOW, NOW + 2, NOW + 1, NOW + 1];
      const made: NewLetter[] = [];
      for (const failedAt of at) made.push(await fallen({ failedAt }, inProject(projectId)));
      const [a, b, c, d] = made.map(({ id }) => id) as [string, string, string, string];
      expect(await ids({ projectId })).toEqual([b, d, c, a]);
      expect(await ids({ projectId, limit: 2 })).toEqual([b, d]);
      expect(await ids({ projectId, after: { failedAt: NOW + 1, id: d } })).toEqual([c, a]);
      expect(await ids({ projectId, from: NOW + 1, to: NOW + 2 })).toEqual([d, c]);
    });

    test('is filtered by status, category, workflow and fingerprint', async () => {
      const projectId = newId();
      const workflowId = newId();
      const bug = await fallen({ category: 'bug', fingerprint: 'one' }, inProject(projectId));
      const count = (filter: Partial<LetterQuery> = {}, limit = 10) => letters().count({ projectId, ...filter }, limit);
      const auth = await fallen({ category: 'auth', workflowId, fingerprint: 'two' }, inProject(projectId));
      await letters().review({ ...note(projectId), id: bug.id });
      expect(await ids({ projectId, category: 'bug' })).toEqual([bug.id]);
      expect(await ids({ projectId, workflowId })).toEqual([auth.id]);
      expect(await ids({ projectId, fingerprint: 'two' })).toEqual([auth.id]);
      expect(await ids({ projectId, status: 'REVIEWED' })).toEqual([bug.id]);
      expect(await ids({ projectId, status: 'NEW', category: 'bug' })).toEqual([]);
      expect([await count(), await count({}, 1), await count({ status: 'REVIEWED' })]).toEqual([2, 1, 1]);
      expect(await count({ status: 'NEW', category: 'bug' })).toBe(0);
    });

    test('groups failures of a workflow by their fingerprint', async () => {
      const projectId = newId();
      const workflowId = newId();
      const cause = { workflowId, fingerprint: 'same' };
      const first = await fallen({ ...cause, failedAt: NOW }, inProject(projectId));
      const latest = await fallen({ ...cause, failedAt: NOW + 5 }, inProject(projectId));
      await fallen({ ...cause, workflowId: newId(), failedAt: NOW + 9 }, inProject(projectId));
      await letters().archive({ ...note(projectId), ids: [first.id] });
      const [group, other, ...rest] = await letters().groups({ projectId }, 10);
      expect(rest).toEqual([]);
      expect(group).toEqual({
        ...cause,
        count: 2,
        open: 1,
        reviewed: 0,
        firstSeen: NOW,
        lastSeen: NOW + 5,
        sample: (await letters().list({ projectId, workflowId, limit: 1 }))[0],
      });
      expect(group?.sample.id).toBe(latest.id);
      expect(other).toMatchObject({ count: 1, fingerprint: 'same' });
      expect(await letters().groups({ projectId }, 1)).toHaveLength(1);
      expect(await letters().groups({ projectId, status: 'ARCHIVED' }, 10)).toMatchObject([{ count: 1, open: 0 }]);
      await letters().review({ ...note(projectId), id: latest.id });
      expect((await letters().groups({ projectId, workflowId }, 10))[0]).toMatchObject({
        count: 2,
        open: 0,
        reviewed: 1,
      });
    });
  });

  describe('requeue', () => {
    test('marks letters and tells their executions to go on', async () => {
      const first = ownedCreation();
      const letter = await fallen({}, first);
      expect(await requeue([letter.id, newId()], letter.projectId)).toEqual([letter.id]);
      expect(await get(letter)).toMatchObject({ status: 'RETRIED', retries: 1, retryAt: null, updatedAt: NOW + 9 });
      expect(await signalsOf(store(), first.executionId)).toEqual([{ type: 'retry', reason: 'a test' }]);
      await claim(newId(), first);
    });

    test('is won by one of many at the same time', async () => {
      const projectId = newId();
      const made = [];
      for (let n = 0; n < 5; n++) made.push(await fallen({}, inProject(projectId)));
      const ids = made.map(({ id }) => id);
      const won = await Promise.all(
        Array.from({ length: 6 }, (_, n) => requeue(n % 2 === 0 ? ids : ids.toReversed(), projectId)),
      );
      expect(won.flat().toSorted()).toEqual(ids.toSorted());
      for (const id of ids) expect(await signalsOf(store(), id)).toHaveLength(1);
    });

    test('takes one that a person has reviewed, but none that is resolved', async () => {
      const projectId = newId();
      const reviewed = await fallen({}, inProject(projectId));
      const archived = await fallen({}, inProject(projectId));
      await letters().review({ ...note(projectId), id: reviewed.id });
      await letters().archive({ ...note(projectId), ids: [archived.id] });
      expect(await requeue([reviewed.id, archived.id], projectId)).toEqual([reviewed.id]);
      expect(await requeue([reviewed.id, archived.id], projectId)).toEqual([]);
      expect(await signalsOf(store(), archived.id)).toEqual([]);
    });

    test('leaves those whose execution is gone, or goes on already', async () => {
      const projectId = newId();
      const gone = await fallen({}, inProject(projectId));
      const first = inProject(projectId);
      const running = letterOf(first);
      await commit({ ...first, letter: running });
      expect(await store().executions.delete(projectId, gone.id)).toBe(true);
      expect(await requeue([gone.id, running.id], projectId)).toEqual([]);
      expect(await get(gone)).toMatchObject({ status: 'NEW', retries: 0 });
      expect(await get(running)).toMatchObject({ status: 'NEW', retries: 0 });
    });

    test('takes one whose compensation failed', async () => {
      const first = ownedCreation();
      const letter = letterOf(first);
      await commit(first);
      await commit(failing(first, { status: 'compensation_failed', letter }));
      expect(await requeue([letter.id], letter.projectId)).toEqual([letter.id]);
    });
  });

  describe('requeue as another execution', () => {
    const requeueAs = (letter: NewLetter, other: Commit) =>
      letters().requeueAs({ projectId: letter.projectId, id: letter.id, commit: other, now: NOW + 9 });

    test('creates it and marks the letter, or does neither', async () => {
      const letter = await fallen();
      const others = Array.from({ length: 4 }, () => creation({ projectId: letter.projectId }));
      const results = await Promise.all(others.map((other) => requeueAs(letter, other)));
      expect(results.filter((won) => won)).toHaveLength(1);
      const winner = others[results.indexOf(true)]!.executionId;
      expect(await get(letter)).toMatchObject({ status: 'RETRIED', retries: 1, retryAt: null, retriedAs: winner });
      for (const { executionId, projectId } of others) {
        const row = await store().executions.get(projectId, executionId);
        expect(row?.id).toBe(executionId === winner ? winner : undefined);
      }
      expect(await signalsOf(store(), letter.id)).toEqual([]);
    });

    test('and as the same are won by one', async () => {
      const letter = await fallen();
      const other = creation({ projectId: letter.projectId });
      const [same, another] = await Promise.all([requeue([letter.id], letter.projectId), requeueAs(letter, other)]);
      expect([same.length === 1, another].toSorted()).toEqual([false, true]);
      expect(await requeueAs(letter, creation({ projectId: letter.projectId }))).toBe(false);
      expect(await requeueAs({ ...letter, projectId: newId() }, creation())).toBe(false);
    });
  });

  describe('what people note', () => {
    test('a review takes the letter from the rules', async () => {
      const letter = await fallen();
      expect(await letters().review({ ...note(letter.projectId), id: letter.id })).toBe(true);
      expect(await get(letter)).toMatchObject({
        ...{ status: 'REVIEWED', retryAt: null, reviewedBy: 'ann', reviewedAt: NOW + 9, notes: 'seen' },
        updatedAt: NOW + 9,
      });
      expect(await letters().review({ ...note(letter.projectId, null, null), id: letter.id })).toBe(true);
      expect(await get(letter)).toMatchObject({ reviewedBy: null, notes: 'seen' });
      await requeue([letter.id], letter.projectId);
      expect(await letters().review({ ...note(letter.projectId), id: letter.id })).toBe(false);
    });

    test('archived is what was not already', async () => {
      const projectId = newId();
      const one = await fallen({}, inProject(projectId));
      const two = await fallen({}, inProject(projectId));
      expect(await letters().archive({ ...note(projectId), ids: [one.id] })).toEqual([one.id]);
      const rest = await letters().archive({ ...note(projectId, null, null), ids: [one.id, two.id] });
      expect(rest).toEqual([two.id]);
      const away = { status: 'ARCHIVED', retryAt: null, reviewedAt: NOW + 9 };
      expect(await get(one)).toMatchObject({ ...away, reviewedBy: 'ann', notes: 'seen' });
      expect(await get(two)).toMatchObject({ ...away, reviewedBy: null, notes: null });
    });

    test('counts what is NEW', async () => {
      const before = await letters().countNew();
      const letter = await fallen();
      expect(await letters().countNew()).toBe(before + 1);
      await letters().archive({ ...note(letter.projectId), ids: [letter.id] });
      expect(await letters().countNew()).toBe(before);
    });
  });
}
