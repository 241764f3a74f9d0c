import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import type { NewTest, NewWorkflow, VersionQuery, WorkflowStatus } from '../../ports/workflows.ts';
import {
  creation,
  definition,
  endedCreation,
  HOUR,
  NOW,
  newId,
  newName,
  newWorkflow,
  webhookTrigger,
} from '../factories.ts';

const LATER = NOW + 1000;

export function workflowSuite(store: () => Store): void {
  const create = (over: Partial<NewWorkflow> = {}) => store().workflows.create(newWorkflow(over));
  const get = (idOrName: string) => store().workflows.get(DEFAULT_PROJECT, idOrName);
  const change = ({ id }: { id: string }, name: string, over: object = {}) =>
    store().workflows.update({
      id,
      projectId: DEFAULT_PROJECT,
      definition: definition(name, { description: 'changed' }),
      triggers: [],
      now: LATER,
      ...over,
    });

  describe('workflow create and get', () => {
    test.each(['draft', 'active', 'paused'] as const)('a %s workflow comes back as it was made', async (status) => {
      const made = newWorkflow({ status });
      const { id, projectId } = made;
      const { name } = made.definition;
      const expected = { id, projectId, name, version: 1, status, definition: made.definition };
      const workflow = await store().workflows.create(made);
      expect(workflow).toEqual({ ...expected, createdAt: NOW, updatedAt: NOW });
      expect(await get(id)).toEqual(workflow);
      expect(await get(name)).toEqual(workflow);
    });

    test('a name is taken once, whoever is first', async () => {
      const name = newName();
      const rivals = Array.from({ length: 4 }, () => create({ definition: definition(name) }));
      const results = await Promise.allSettled(rivals);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = results.filter((one) => one.status === 'rejected').map(({ reason }) => reason.code);
      expect(refused).toEqual(['workflow_exists', 'workflow_exists', 'workflow_exists']);
    });

    test('a workflow that was refused leaves nothing', async () => {
      const { name } = await create();
      const refused = newWorkflow({ definition: definition(name), triggers: [webhookTrigger(newName())] });
      await expect(store().workflows.create(refused)).rejects.toMatchObject({ code: 'workflow_exists' });
      expect(await get(refused.id)).toBeUndefined();
      expect(await store().workflows.version(DEFAULT_PROJECT, refused.id, 1)).toBeUndefined();
      expect(await store().workflows.triggers(DEFAULT_PROJECT, refused.id)).toEqual([]);
    });

    test('what is unknown, or of another project, is not found', async () => {
      const { id, name } = await create();
      expect(await get(newId())).toBeUndefined();
      expect(await get(newName())).toBeUndefined();
      expect(await store().workflows.get(newId(), id)).toBeUndefined();
      expect(await store().workflows.get(newId(), name)).toBeUndefined();
    });

    test('a definition keeps any text and the order of its keys', async () => {
      const set = { z: 'NUL \u0000', a: 'half \ud83d', 10: '🎉 \u001e \' " \\', b: [1e21, null, {}] };
      const made = definition(newName(), { nodes: [{ id: 'first', type: 'transform', config: { set } }] });
      const { id } = await create({ definition: made });
      expect(JSON.stringify((await get(id))?.definition)).toBe(JSON.stringify(made));
      const first = await store().workflows.version(DEFAULT_PROJECT, id, 1);
      expect(JSON.stringify(first?.definition)).toBe(JSON.stringify(made));
    });
  });

  describe('workflow update', () => {
    test('makes a new version and keeps the old ones', async () => {
      const first = await create({ status: 'active' });
      const second = await change(first, first.name);
      const changed = definition(first.name, { description: 'changed' });
      expect(second).toEqual({ ...first, version: 2, definition: changed, updatedAt: LATER });
      expect(await get(first.id)).toEqual(second);
      expect(await change(first, first.name)).toMatchObject({ version: 3, createdAt: NOW });
      expect(await store().workflows.version(DEFAULT_PROJECT, first.id, 1)).toEqual({
        ...{ version: 1, createdAt: NOW, savedBy: null, definition: first.definition },
      });
      expect(await store().workflows.version(DEFAULT_PROJECT, first.id, 2)).toMatchObject({ definition: changed });
      expect(await store().workflows.version(DEFAULT_PROJECT, first.id, 4)).toBeUndefined();
      expect(await store().workflows.version(DEFAULT_PROJECT, newId(), 1)).toBeUndefined();
    });

    test('may rename, and frees the old name', async () => {
      const [first, name] = [await create(), newName()];
      await change(first, name);
      expect(await get(name)).toMatchObject({ id: first.id });
      expect(await get(first.name)).toBeUndefined();
      await create({ definition: definition(first.name) });
    });

    test('does not take the name of another, and then changes nothing', async () => {
      const [first, other] = [await create(), await create()];
      await expect(change(first, other.name)).rejects.toMatchObject({ code: 'workflow_exists' });
      expect(await get(first.id)).toEqual(first);
      expect(await store().workflows.version(DEFAULT_PROJECT, first.id, 2)).toBeUndefined();
    });

    test('refuses a version that is not the present one', async () => {
      const first = await create();
      await change(first, first.name, { expectedVersion: 1 });
      const late = change(first, first.name, { expectedVersion: 1 });
      await expect(late).rejects.toMatchObject({ code: 'version_conflict' });
      expect(await change(first, first.name, { expectedVersion: 2 })).toMatchObject({ version: 3 });
    });

    test('of many at the same time, one has the version it expects', async () => {
      const first = await create();
      const rivals = Array.from({ length: 4 }, () => change(first, first.name, { expectedVersion: 1 }));
      const results = await Promise.allSettled(rivals);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = results.filter((one) => one.status === 'rejected').map(({ reason }) => reason.code);
      expect(refused).toEqual(['version_conflict', 'version_conflict', 'version_conflict']);
    });

    test('numbers versions without gaps, however many change it at the same time', async () => {
      const first = await create();
      const made = await Promise.all(Array.from({ length: 4 }, () => change(first, first.name)));
      expect(made.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5]);
    });

    test('finds nothing that is unknown or of another project', async () => {
      const first = await create();
      await expect(change({ id: newId() }, newName())).rejects.toMatchObject({ code: 'workflow_not_found' });
      const foreign = change(first, first.name, { projectId: newId() });
      await expect(foreign).rejects.toMatchObject({ code: 'workflow_not_found' });
      expect(await get(first.id)).toEqual(first);
    });
  });

  describe('workflow versions', () => {
    test('are listed newest first, page by page, and stay where the workflow goes', async () => {
      const first = await create({ savedBy: 'ada' });
      await change(first, first.name, { savedBy: 'ci' });
      await change(first, first.name, { now: LATER + 1 });
      const versions = (page: VersionQuery) => store().workflows.versions(DEFAULT_PROJECT, first.id, page);
      const all = [
        { version: 3, createdAt: LATER + 1, savedBy: null },
        { version: 2, createdAt: LATER, savedBy: 'ci' },
        { version: 1, createdAt: NOW, savedBy: 'ada' },
      ];
      expect(await versions({ limit: 9 })).toEqual(all);
      expect(await versions({ limit: 2 })).toEqual(all.slice(0, 2));
      expect(await versions({ limit: 2, before: 2 })).toEqual(all.slice(2));
      await store().workflows.delete(DEFAULT_PROJECT, first.id);
      expect(await versions({ limit: 9 })).toEqual(all);
    });

    test('of what is unknown or of another project there are none', async () => {
      const { id } = await create();
      expect(await store().workflows.versions(DEFAULT_PROJECT, newId(), { limit: 9 })).toEqual([]);
      expect(await store().workflows.versions(newId(), id, { limit: 9 })).toEqual([]);
    });
  });

  describe('the document of a test', () => {
    const keep = async (over: Partial<NewTest> = {}) => {
      const { id: workflowId } = await create();
      const base = { projectId: DEFAULT_PROJECT, workflowId, executionId: newId() };
      const one = { ...base, definition: definition(newName()), now: NOW, ...over };
      return { ...one, version: await store().workflows.keepTest(one) };
    };
    const find = ({ projectId, workflowId, version }: { projectId: string; workflowId: string; version: number }) =>
      store().workflows.version(projectId, workflowId, version);
    const execution = ({ executionId, workflowId, version }: Awaited<ReturnType<typeof keep>>) =>
      endedCreation({ executionId, projectId: DEFAULT_PROJECT }, { workflowId, version });

    test('is a version below zero, which only who knows it finds', async () => {
      const kept = await keep();
      expect(kept.version).toBeLessThan(0);
      expect(await find(kept)).toEqual({
        ...{ version: kept.version, createdAt: NOW, savedBy: null, definition: kept.definition },
      });
      expect(await find({ ...kept, projectId: newId() })).toBeUndefined();
      const listed = await store().workflows.versions(DEFAULT_PROJECT, kept.workflowId, { limit: 9 });
      expect(listed.map(({ version }) => version)).toEqual([1]);
      expect(await get(kept.workflowId)).toMatchObject({ version: 1 });
      expect(await change({ id: kept.workflowId }, newName())).toMatchObject({ version: 2 });
    });

    test('has a number that no other has, however many begin at the same time', async () => {
      const kept = await Promise.all(Array.from({ length: 4 }, () => keep()));
      expect(new Set(kept.map(({ version }) => version)).size).toBe(4);
    });

    test('goes with its execution', async () => {
      const [gone, stays] = [await keep(), await keep()];
      await store().executions.commit([execution(gone), execution(stays)]);
      expect(await store().executions.delete(DEFAULT_PROJECT, gone.executionId)).toBe(true);
      expect(await find(gone)).toBeUndefined();
      expect(await find(stays)).toBeDefined();
    });

    test('is tidied up where no execution ever came, after an hour', async () => {
      const [lost, fresh, used] = [await keep({ now: NOW - 2 * HOUR }), await keep(), await keep({ now: 1 })];
      await store().executions.commit([execution(used)]);
      await store().executions.tidy(NOW);
      expect(await find(lost)).toBeUndefined();
      expect(await find(fresh)).toBeDefined();
      expect(await find(used)).toBeDefined();
    });
  });

  describe('workflow setStatus', () => {
    test('changes the status, and no version', async () => {
      const first = await create();
      for (const status of ['active', 'paused', 'active', 'draft'] as const) {
        const changed = await store().workflows.setStatus(DEFAULT_PROJECT, first.id, status, LATER);
        expect(changed).toEqual({ ...first, status, updatedAt: LATER });
        expect(await get(first.id)).toEqual(changed);
      }
    });

    test('finds nothing that is unknown or of another project', async () => {
      const { id } = await create();
      const set = (projectId: string, of: string) => store().workflows.setStatus(projectId, of, 'active', LATER);
      await expect(set(DEFAULT_PROJECT, newId())).rejects.toMatchObject({ code: 'workflow_not_found' });
      await expect(set(newId(), id)).rejects.toMatchObject({ code: 'workflow_not_found' });
      expect(await get(id)).toMatchObject({ status: 'draft' });
    });
  });

  describe('workflow list', () => {
    const prefix = { text: '' };
    const list = async (after: string, limit: number, status?: WorkflowStatus) => {
      const page = { after: `${prefix.text}${after}`, limit, ...(status && { status }) };
      return (await store().workflows.list(DEFAULT_PROJECT, page)).map(({ name }) => name.slice(prefix.text.length));
    };

    beforeEach(async () => {
      prefix.text = newName();
      for (const [name, status] of [
        ['c', 'active'],
        ['a', 'draft'],
        ['b', 'active'],
        ['d', 'paused'],
      ] as const) {
        await create({ definition: definition(`${prefix.text}${name}`), status });
      }
    });

    test('goes by name, page by page', async () => {
      expect(await list('', 3)).toEqual(['a', 'b', 'c']);
      expect(await list('b', 2)).toEqual(['c', 'd']);
    });

    test('filters by status', async () => {
      expect(await list('', 2, 'active')).toEqual(['b', 'c']);
      expect(await list('', 1, 'paused')).toEqual(['d']);
    });

    test('filters by a key of the present definition', async () => {
      const made = (end: string, over: object) => create({ definition: definition(`${prefix.text}${end}`, over) });
      const exposed = await made('e', { expose: { mcp: true }, description: 'half \udc00, NUL \u0000' });
      await made('f', { description: 'says "expose": and no more' });
      const found = async () => {
        const page = { after: prefix.text, limit: 9, key: 'expose' };
        return (await store().workflows.list(DEFAULT_PROJECT, page)).map(({ id }) => id);
      };
      expect(await found()).toEqual([exposed.id]);
      await change(exposed, exposed.name);
      expect(await found()).toEqual([]);
    });

    test('gives whole workflows, of one project', async () => {
      const [row] = await store().workflows.list(DEFAULT_PROJECT, { after: prefix.text, limit: 1 });
      expect(row).toEqual(await get(`${prefix.text}a`));
      expect(await store().workflows.list(newId(), { limit: 10 })).toEqual([]);
    });
  });

  describe('workflow delete', () => {
    test('removes the workflow with its triggers and frees its name', async () => {
      const path = newName();
      const first = await create({ status: 'active', triggers: [webhookTrigger(path)] });
      expect(await store().workflows.delete(DEFAULT_PROJECT, first.id)).toBe(true);
      expect(await get(first.id)).toBeUndefined();
      expect(await get(first.name)).toBeUndefined();
      expect(await store().workflows.triggers(DEFAULT_PROJECT, first.id)).toEqual([]);
      expect(await store().workflows.webhook(DEFAULT_PROJECT, path, 'POST')).toBeUndefined();
      expect(await store().workflows.delete(DEFAULT_PROJECT, first.id)).toBe(false);
      await create({ definition: definition(first.name) });
    });

    test('leaves its executions to be read', async () => {
      const { id } = await create();
      const run = creation({ projectId: DEFAULT_PROJECT }, { workflowId: id });
      await store().executions.commit([run]);
      await store().workflows.delete(DEFAULT_PROJECT, id);
      const row = await store().executions.get(DEFAULT_PROJECT, run.executionId);
      expect(row).toMatchObject({ id: run.executionId, workflowId: id, workflowName: '(deleted)' });
      expect((await store().executions.histories([run.executionId])).get(run.executionId)).toEqual(run.events);
    });

    test('is false where there is none, or it is of another project', async () => {
      const first = await create();
      expect(await store().workflows.delete(DEFAULT_PROJECT, newId())).toBe(false);
      expect(await store().workflows.delete(newId(), first.id)).toBe(false);
      expect(await get(first.id)).toEqual(first);
    });
  });
}
