import { beforeEach, expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory/store.ts';
import { systemRuntime } from '../../adapters/runtime/system.ts';
import type { Definition } from '../../core/definition/schema.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import type { WorkflowStatus, WorkflowStore } from '../../ports/workflows.ts';
import { definition, newId, newWorkflow } from '../../testing/factories.ts';
import { findTool, LOOK_TOOL, listTools, toolName } from './tools.ts';

let store: WorkflowStore;
beforeEach(() => {
  store = memoryStore(systemRuntime('silent')).workflows;
});

const save = (name: string, mcp: NonNullable<Definition['expose']>['mcp'], status: WorkflowStatus = 'active') =>
  store.create(newWorkflow({ definition: definition(name, { expose: { mcp } }), status }));
const names = async (projectId = DEFAULT_PROJECT) => (await listTools(store, projectId)).map(({ name }) => name);
const workflowOf = async (tool: string) => (await findTool(store, DEFAULT_PROJECT, tool))?.name;

test('of two that claim a name it is the workflow that is called so, else the first by name', async () => {
  await save('a', { name: 'both' });
  await save('b', { name: 'both' });
  expect([await names(), await workflowOf('both')]).toEqual([['both', LOOK_TOOL], 'a']);
  await save('both', true);
  expect([await names(), await workflowOf('both')]).toEqual([['both', LOOK_TOOL], 'both']);
  await save('c', { name: 'a' });
  expect(await workflowOf('a')).toBe('c');
});

test('what is no tool is found by no name', async () => {
  const { id } = await save('one', { name: 'other' });
  await save('draft', true, 'draft');
  await save('none', undefined);
  for (const name of ['one', id, 'draft', 'none', LOOK_TOOL]) expect(await workflowOf(name)).toBeUndefined();
  expect(await names()).toEqual(['other', LOOK_TOOL]);
  expect(await names(newId())).toEqual([]);
});

test('a long name is cut to what models take', async () => {
  const long = 'x'.repeat(100);
  expect(toolName(definition(long, { expose: { mcp: true } }))).toBe('x'.repeat(64));
  await save(long, true);
  expect(await workflowOf('x'.repeat(64))).toBe(long);
});

test('more than a page of them are all listed', async () => {
  for (let n = 0; n < 120; n++) await save(`t${n}`, true);
  expect(await names()).toHaveLength(121);
  expect(await workflowOf('t99')).toBe('t99');
});
