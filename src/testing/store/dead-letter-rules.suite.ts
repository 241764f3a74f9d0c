import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_RULES, type RetryRule } from '../../core/retry-rule.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { failing, following, HOUR, NOW, newId, ownedCreation } from '../factories.ts';
import { drainLetters, drainQueue, signalsOf } from './drain.ts';
import { letterSteps } from './letter-steps.ts';

const DELAY_MS = 5 * 60_000;

export function deadLetterRuleSuite(store: () => Store): void {
  const { letters, commit, get, fallen, inProject, requeue, note, claim } = letterSteps(store);

  describe('rules', () => {
    const due = (now: number, limit = 100) => letters().requeueDue(now, limit);
    const rule = (over: Partial<RetryRule> = {}): RetryRule => ({
      ...{ category: 'timeout', enabled: true, delayMs: 1_000, limit: 2 },
      ...over,
    });

    beforeEach(async () => {
      await drainLetters(store());
      await drainQueue(store());
    });

    test('retry what is due, once, however many look', async () => {
      const made = [];
      for (let n = 0; n < 4; n++) made.push(await fallen({ failedAt: NOW + n }));
      expect(await due(NOW + DELAY_MS - 1)).toEqual({ requeued: 0, nextAt: NOW + DELAY_MS });
      const looks = await Promise.all(Array.from({ length: 5 }, () => due(NOW + DELAY_MS + 1, 10)));
      expect(looks.reduce((sum, { requeued }) => sum + requeued, 0)).toBe(2);
      expect(await due(NOW + DELAY_MS + 9, 1)).toEqual({ requeued: 1, nextAt: NOW + DELAY_MS + 3 });
      expect(await due(NOW + DELAY_MS + 9, 1)).toEqual({ requeued: 1, nextAt: null });
      expect(await due(NOW + DELAY_MS + 9, 1)).toEqual({ requeued: 0, nextAt: null });
      for (const letter of made) {
        expect(await get(letter)).toMatchObject({ status: 'RETRIED', retries: 1 });
        expect(await signalsOf(store(), letter.id)).toEqual([{ type: 'retry', reason: 'retried by rule' }]);
      }
    });

    test.each(DEFAULT_RULES)('by default, $category: $enabled', async ({ category, enabled }) => {
      const letter = await fallen({ category });
      expect((await get(letter))?.retryAt).toBe(enabled ? letter.failedAt + DELAY_MS : null);
    });

    test('never retry what is not automatic', async () => {
      const letter = await fallen({ automatic: false });
      await letters().setRule(letter.projectId, rule(), NOW);
      expect(await get(letter)).toMatchObject({ retryAt: null });
    });

    test('wait longer each time, up to the limit', async () => {
      const first = ownedCreation();
      await letters().setRule(first.projectId, rule(), NOW);
      const letter = await fallen({}, first);
      let last: Commit = failing(first);
      const waits = [];
      for (let retries = 0; retries < 3; retries++) {
        const { retryAt, failedAt } = (await get(letter))!;
        waits.push(retryAt === null ? null : retryAt - failedAt);
        const owner = newId();
        await requeue([letter.id], letter.projectId);
        await claim(owner, first);
        const on = following(last, { writer: owner, owner });
        last = failing(on, { letter });
        await commit(on);
        await commit(last);
      }
      expect(waits).toEqual([1_000, 2_000, null]);
      expect(await get(letter)).toMatchObject({ retries: 3, retryAt: null });
    });

    test('of a project hold for what it makes, and for what is NEW already', async () => {
      const projectId = newId();
      const letter = await fallen({}, inProject(projectId));
      const reviewed = await fallen({}, inProject(projectId));
      const bug = await fallen({ category: 'bug' }, inProject(projectId));
      const foreign = await fallen();
      await letters().review({ ...note(projectId), id: reviewed.id });
      expect(await letters().rules(projectId)).toEqual([]);
      await letters().setRule(projectId, rule(), NOW);
      expect(await letters().rules(projectId)).toEqual([rule()]);
      expect((await get(letter))?.retryAt).toBe(letter.failedAt + 1_000);
      expect((await get(reviewed))?.retryAt).toBeNull();
      expect((await get(bug))?.retryAt).toBeNull();
      expect((await get(foreign))?.retryAt).toBe(foreign.failedAt + DELAY_MS);
      await letters().setRule(projectId, rule({ enabled: false }), NOW);
      expect((await get(letter))?.retryAt).toBeNull();
      expect((await get(await fallen({}, inProject(projectId))))?.retryAt).toBeNull();
      await letters().setRule(projectId, rule({ category: 'bug' }), NOW);
      expect((await get(bug))?.retryAt).toBe(bug.failedAt + 1_000);
      expect(await letters().rules(projectId)).toHaveLength(2);
      expect(await letters().rules(newId())).toEqual([]);
    });

    test('leave those whose execution is gone to people', async () => {
      const letter = await fallen();
      await store().executions.delete(letter.projectId, letter.id);
      expect(await due(NOW + HOUR)).toEqual({ requeued: 0, nextAt: null });
      expect(await get(letter)).toMatchObject({ status: 'NEW', retries: 0, retryAt: null });
    });
  });

  describe('an execution that is set aside', () => {
    const corrupt = { code: 'execution_corrupt', kind: 'permanent', message: 'unreadable' } as const;

    test('leaves a letter and tells of it', async () => {
      const first = ownedCreation();
      await commit(first);
      await store().executions.quarantine(first.executionId, corrupt, first.writer);
      const { executionId, projectId, create } = first;
      const [created] = first.events;
      const letter = await letters().get(projectId, executionId);
      const trigger = created?.type === 'execution.created' ? created.data.trigger : undefined;
      expect(letter).toMatchObject({
        ...{ id: executionId, executionId, source: 'execution', originalEvent: trigger, error: corrupt, path: null },
        ...{ workflowId: create.workflowId, version: create.version, triggerId: create.triggerId, attempts: 0 },
        ...{ category: 'bug', fingerprint: 'execution_corrupt: unreadable', automatic: false, status: 'NEW' },
        retryAt: null,
      });
      const told: unknown[] = [];
      await store().messages.relay(Date.now() + HOUR, 1_000, async (messages) => {
        for (const { event } of messages) if (event.source.endsWith(executionId)) told.push(event);
        return { done: messages.map(({ id }) => id), putOff: [] };
      });
      expect(told).toMatchObject([{ type: 'dead_letter.created', data: { letterId: executionId, category: 'bug' } }]);
    });

    test('leaves none of a test', async () => {
      const one = ownedCreation();
      const test = { ...one, create: { ...one.create, version: -7 } };
      await commit(test);
      await store().executions.quarantine(test.executionId, corrupt);
      expect(await letters().get(test.projectId, test.executionId)).toBeUndefined();
      expect(await store().executions.get(test.projectId, test.executionId)).toMatchObject({ status: 'failed' });
    });

    test('leaves none where another has it, or a parent waits for it', async () => {
      const [owned, child] = [ownedCreation(), ownedCreation()];
      const [created] = child.events as [Extract<Commit['events'][number], { type: 'execution.created' }>];
      const parent = { executionId: newId(), path: 'call' };
      const birth = { ...created, data: { ...created.data, parent } };
      await commit(owned, { ...child, events: [birth], create: { ...child.create, parentId: parent.executionId } });
      await store().executions.quarantine(owned.executionId, corrupt, newId());
      await store().executions.quarantine(child.executionId, corrupt);
      for (const { projectId, executionId } of [owned, child]) {
        expect(await letters().get(projectId, executionId)).toBeUndefined();
      }
      expect(await signalsOf(store(), parent.executionId)).toHaveLength(1);
    });
  });
}
