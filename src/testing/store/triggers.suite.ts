import { describe, expect, test } from 'vitest';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import type { NewTrigger, Workflow } from '../../ports/workflows.ts';
import { definition, NOW, newId, newName, newWorkflow, webhookTrigger } from '../factories.ts';

const PROJECT = DEFAULT_PROJECT;
const TAKEN = { code: 'webhook_path_taken' };

export function triggerSuite(store: () => Store): void {
  const create = (status: Workflow['status'], ...triggers: NewTrigger[]) =>
    store().workflows.create(newWorkflow({ status, triggers }));
  const change = ({ id, name }: Workflow, ...triggers: NewTrigger[]) =>
    store().workflows.update({ id, projectId: PROJECT, definition: definition(name), triggers, now: NOW });
  const setStatus = ({ id }: Workflow, status: Workflow['status']) =>
    store().workflows.setStatus(PROJECT, id, status, NOW);
  const holder = async (path: string, method = 'POST') =>
    (await store().workflows.webhook(PROJECT, path, method))?.workflowId;

  describe('triggers', () => {
    const manual = (config: Record<string, unknown> = {}): NewTrigger => ({
      id: newId(),
      name: 'by-hand',
      type: 'manual',
      config,
    });

    test('are read by workflow, by project and by id', async () => {
      const [hook, hand] = [webhookTrigger(newName()), manual({ input: { type: 'object', note: 'NUL \u0000' } })];
      const { id: workflowId, name: workflowName } = await create('active', hook, hand);
      const of = { projectId: PROJECT, workflowId, workflowName, active: true, nextAt: null, lastAt: null };
      const rows = [hand, hook].map(({ id, name, type, config }) => ({ id, name, type, config, ...of }));
      expect(await store().workflows.triggers(PROJECT, workflowId)).toEqual(rows);
      expect(await store().workflows.triggers(PROJECT)).toEqual(expect.arrayContaining(rows));
      expect(await store().workflows.trigger(PROJECT, hook.id)).toEqual(rows[1]);
    });

    test('are read page by page', async () => {
      await create('active', webhookTrigger(newName()), manual(), webhookTrigger(newName(), { name: 'Other' }));
      const { workflows } = store();
      const all = await workflows.triggers(PROJECT);
      const hooks = await workflows.webhooks(PROJECT);
      for (const [index, { workflowName, name }] of all.slice(-4).entries()) {
        const page = await workflows.triggers(PROJECT, undefined, { after: [workflowName, name], limit: 2 });
        expect(page).toEqual(all.slice(-4).slice(index + 1, index + 3));
      }
      for (const [index, { path, method }] of hooks.slice(-2).entries()) {
        const page = await workflows.webhooks(PROJECT, { after: [path, method], limit: 1 });
        expect(page).toEqual(hooks.slice(-2).slice(index + 1));
      }
      expect(await workflows.triggers(PROJECT, undefined, { limit: 1 })).toEqual(all.slice(0, 1));
      expect(await workflows.webhooks(PROJECT, { limit: 1 })).toEqual(hooks.slice(0, 1));
    });

    test('are active as long as their workflow is', async () => {
      const hand = manual();
      const workflow = await create('draft', hand);
      const isActive = async () => (await store().workflows.trigger(PROJECT, hand.id))?.active;
      expect(await isActive()).toBe(false);
      await setStatus(workflow, 'active');
      expect(await isActive()).toBe(true);
      await setStatus(workflow, 'paused');
      expect(await isActive()).toBe(false);
    });

    test('keep their id over versions, as long as they keep their name', async () => {
      const [path, next] = [newName(), newName()];
      const [kept, dropped] = [webhookTrigger(path, { name: 'kept' }), webhookTrigger(newName(), { name: 'dropped' })];
      const workflow = await create('active', kept, dropped);
      const added = webhookTrigger(newName(), { name: 'added' });
      await change(workflow, added, webhookTrigger(next, { name: 'kept' }));
      const rows = await store().workflows.triggers(PROJECT, workflow.id);
      expect(rows.map(({ id, name }) => [id, name])).toEqual([
        [added.id, 'added'],
        [kept.id, 'kept'],
      ]);
      expect(rows[1]?.config).toEqual({ path: next, method: 'POST' });
      expect(await store().workflows.trigger(PROJECT, dropped.id)).toBeUndefined();
      expect(await store().workflows.webhook(PROJECT, next, 'POST')).toMatchObject({ triggerId: kept.id, version: 2 });
    });

    test('that listen are those of active workflows, with the version that they would start', async () => {
      const type = newName();
      const after = (name: string): NewTrigger => ({ id: newId(), name, type, config: { workflow: 'a' } });
      const one = after('one');
      const [active, paused] = [await create('active', one, manual()), await create('paused', after('two'))];
      await create('draft', after('three'));
      const row = { projectId: PROJECT, workflowId: active.id, workflowName: active.name, config: { workflow: 'a' } };
      const rows = [{ ...row, id: one.id, version: 1, name: 'one' }];
      expect(await store().workflows.listening(type)).toEqual(rows);
      expect(await store().workflows.listening(type, [newId(), PROJECT])).toEqual(rows);
      expect(await store().workflows.listening(type, [newId()])).toEqual([]);
      expect(await store().workflows.listening(type, [])).toEqual([]);
      await change(active, after('four'));
      await setStatus(paused, 'active');
      const heard = (await store().workflows.listening(type)).map(({ name, version }) => [name, version]);
      expect(heard).toEqual([
        ['four', 2],
        ['two', 1],
      ]);
    });

    test('are not seen by other projects', async () => {
      const hook = webhookTrigger(newName());
      const { id } = await create('active', hook);
      expect(await store().workflows.triggers(newId(), id)).toEqual([]);
      expect(await store().workflows.triggers(newId())).toEqual([]);
      expect(await store().workflows.trigger(newId(), hook.id)).toBeUndefined();
      expect(await store().workflows.trigger(PROJECT, newId())).toBeUndefined();
    });
  });

  describe('webhooks', () => {
    test('of an active workflow are found by path and method', async () => {
      const [path, other] = [newName(), newName()];
      const post = webhookTrigger(path, { name: 'post' });
      const put = webhookTrigger(path, { name: 'put', method: 'PUT' });
      const { id: workflowId } = await create('active', put, post, webhookTrigger(other));
      const of = { projectId: PROJECT, workflowId, version: 1, path };
      const row = { ...of, triggerId: post.id, triggerName: 'post', method: 'POST', config: { path, method: 'POST' } };
      expect(await store().workflows.webhook(PROJECT, path, 'POST')).toEqual(row);
      expect(await store().workflows.webhook(PROJECT, path, 'PUT')).toMatchObject({ triggerId: put.id });
      expect(await store().workflows.webhook(PROJECT, path, 'GET')).toBeUndefined();
      expect(await store().workflows.webhook(PROJECT, newName(), 'POST')).toBeUndefined();
      expect(await store().workflows.webhook(newId(), path, 'POST')).toBeUndefined();
      expect(await store().workflows.webhooks(PROJECT)).toEqual(expect.arrayContaining([row]));
      expect(await store().workflows.webhooks(newId())).toEqual([]);
    });

    test('say which methods a path takes', async () => {
      const path = newName();
      await create('active', webhookTrigger(path, { method: 'PUT' }));
      await create('active', webhookTrigger(path, { method: 'GET' }));
      await create('draft', webhookTrigger(path, { method: 'POST' }));
      expect(await store().workflows.webhookMethods(PROJECT, path)).toEqual(['GET', 'PUT']);
      expect(await store().workflows.webhookMethods(PROJECT, newName())).toEqual([]);
      expect(await store().workflows.webhookMethods(newId(), path)).toEqual([]);
    });

    test('hold their path against other active workflows, not against drafts', async () => {
      const path = newName();
      const first = await create('active', webhookTrigger(path));
      await expect(create('active', webhookTrigger(path))).rejects.toMatchObject(TAKEN);
      const draft = await create('draft', webhookTrigger(path));
      expect(await holder(path)).toBe(first.id);
      await expect(setStatus(draft, 'active')).rejects.toMatchObject(TAKEN);
      expect(await store().workflows.get(PROJECT, draft.id)).toMatchObject({ status: 'draft' });
      expect(await holder(path)).toBe(first.id);
    });

    test('give their path back when the workflow is paused, and take it again', async () => {
      const path = newName();
      const [first, second] = [
        await create('active', webhookTrigger(path)),
        await create('draft', webhookTrigger(path)),
      ];
      await setStatus(first, 'paused');
      expect(await holder(path)).toBeUndefined();
      await setStatus(second, 'active');
      expect(await holder(path)).toBe(second.id);
      await expect(setStatus(first, 'active')).rejects.toMatchObject(TAKEN);
      await store().workflows.delete(PROJECT, second.id);
      await setStatus(first, 'active');
      await setStatus(first, 'active');
      expect(await holder(path)).toBe(first.id);
    });

    test('follow the present version of an active workflow', async () => {
      const [before, after] = [newName(), newName()];
      const workflow = await create('active', webhookTrigger(before));
      await change(workflow, webhookTrigger(after));
      expect(await holder(before)).toBeUndefined();
      expect(await holder(after)).toBe(workflow.id);
      await change(workflow);
      expect(await holder(after)).toBeUndefined();
    });

    test('of a draft that changes are taken when it is activated, and not before', async () => {
      const path = newName();
      const workflow = await create('draft');
      await change(workflow, webhookTrigger(path));
      expect(await holder(path)).toBeUndefined();
      await setStatus(workflow, 'active');
      expect(await store().workflows.webhook(PROJECT, path, 'POST')).toMatchObject({ version: 2 });
    });

    test('of a refused change stay as they were', async () => {
      const [mine, foreign] = [newName(), newName()];
      const other = await create('active', webhookTrigger(foreign));
      const workflow = await create('active', webhookTrigger(mine));
      await expect(change(workflow, webhookTrigger(foreign))).rejects.toMatchObject(TAKEN);
      expect(await store().workflows.get(PROJECT, workflow.id)).toEqual(workflow);
      expect(await store().workflows.version(DEFAULT_PROJECT, workflow.id, 2)).toBeUndefined();
      expect(await holder(mine)).toBe(workflow.id);
      expect(await holder(foreign)).toBe(other.id);
    });

    test('of a change that activates its workflow are taken with it, or nothing of it is', async () => {
      const [mine, foreign] = [newName(), newName()];
      await create('active', webhookTrigger(foreign));
      const draft = await create('draft');
      const activate = (path: string) =>
        store().workflows.update({
          ...{ id: draft.id, projectId: PROJECT, definition: definition(draft.name), now: NOW },
          ...{ triggers: [webhookTrigger(path)], activate: true },
        });
      await expect(activate(foreign)).rejects.toMatchObject(TAKEN);
      expect(await store().workflows.get(PROJECT, draft.id)).toEqual(draft);
      expect(await activate(mine)).toMatchObject({ version: 2, status: 'active' });
      expect(await store().workflows.get(PROJECT, draft.id)).toMatchObject({ version: 2, status: 'active' });
      expect(await holder(mine)).toBe(draft.id);
    });

    test('of many workflows that want a path at the same time, one has it', async () => {
      const path = newName();
      const drafts = await Promise.all(Array.from({ length: 4 }, () => create('draft', webhookTrigger(path))));
      const results = await Promise.allSettled(drafts.map((one) => setStatus(one, 'active')));
      const winners = drafts.filter((_, index) => results[index]?.status === 'fulfilled');
      expect(winners.map(({ id }) => id)).toEqual([await holder(path)]);
      const refused = results.filter((one) => one.status === 'rejected').map(({ reason }) => reason.code);
      expect(refused).toEqual([TAKEN.code, TAKEN.code, TAKEN.code]);
    });
  });
}
