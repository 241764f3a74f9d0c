/** What an agent finds out about the workflows it may call. */
import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { driveCatalog } from '../testing/drive.ts';
import { definition, newWorkflow } from '../testing/factories.ts';
import { testTask } from '../testing/task.ts';
import { effectsOf } from './workflow-effects.ts';

const store = memoryStore(systemRuntime('silent'));
const url = 'https://pay.example.com';

async function save(name: string, ...nodes: { readonly type: string; readonly config: Record<string, unknown> }[]) {
  const numbered = nodes.map((one, index) => ({ id: `n${index}`, ...one }));
  await store.workflows.create(newWorkflow({ definition: definition(name, { nodes: numbered }) }));
}
const call = (workflow: string) => ({ type: 'workflow', config: { workflow } });

const effects = (...workflows: string[]) =>
  effectsOf({ ...store, types: () => driveCatalog.nodes }, { workflows }, testTask({}, { projectId: DEFAULT_PROJECT }));

test('the strongest of all that is reached, however far it lies, and also where it comes back to itself', async () => {
  await save('reader', { type: 'http', config: { url } });
  await save('payer', { type: 'http', config: { url, method: 'POST' } });
  await save('desk', call('reader'), call('payer'));
  await save('hall', call('desk'));
  await save('one', call('other'));
  await save('other', call('one'), call('reader'));
  expect(await effects('reader', 'hall', 'one')).toEqual({ reader: 'read', hall: 'irreversible', one: 'read' });
});

test('of what is not there, nobody knows', async () => {
  await save('lost', call('nowhere'));
  expect(await effects('lost', 'nothing')).toEqual({ lost: 'irreversible', nothing: 'irreversible' });
  expect(await effects()).toEqual({});
});

test('who leads to more than anybody looks at counts as irreversible', async () => {
  for (let n = 0; n < 110; n++) await save(`chain-${n}`, call(`chain-${n + 1}`));
  await save('chain-110', { type: 'http', config: { url } });
  expect(await effects('chain-0', 'chain-20')).toEqual({ 'chain-0': 'irreversible', 'chain-20': 'read' });
});
