import { afterAll, beforeAll, expect, test } from 'vitest';
import { MyelinError } from '../../core/errors.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { execution, serverParts } from '../../testing/api.ts';
import { definition, newId, newName, newWorkflow } from '../../testing/factories.ts';
import { follow } from './standing.ts';

const parts = serverParts();
beforeAll(() => parts.engine.start());
afterAll(() => parts.engine.stop(0));

async function started(): Promise<string> {
  const workflow = newWorkflow({ definition: definition(newName()), status: 'active' });
  await parts.store.workflows.create(workflow);
  const start = { projectId: DEFAULT_PROJECT, workflowId: workflow.id, version: 1, triggerId: 'api' };
  return (await parts.engine.starter.start({ ...start, trigger: { b: 1 } })).executionId;
}

/** The store, away for the first `looks`. */
function awayFor(looks: number) {
  let left = looks;
  const { store } = parts;
  const get: typeof store.executions.get = async (...of) => {
    if (left-- > 0) throw new MyelinError('store_unavailable');
    return await store.executions.get(...of);
  };
  return { ...parts, store: { ...store, executions: { ...store.executions, get } } };
}

const following = (executionId: string, over: object = {}) => ({
  ...{ projectId: DEFAULT_PROJECT, executionId, until: Number.POSITIVE_INFINITY, over: new AbortController().signal },
  ...over,
});

test('a database that is away for a moment is waited out', async () => {
  const standing = await follow(awayFor(2), following(await started()));
  expect(standing).toMatchObject({ row: { status: 'completed' }, output: { a: 1, b: 1 } });
});

test('one that is away to the end is told, with the execution', async () => {
  const id = await started();
  await execution(parts, id);
  const told = { code: 'store_unavailable', message: expect.stringContaining(id) };
  await expect(follow(awayFor(9), following(id, { until: 0 }))).rejects.toMatchObject(told);
  await expect(follow(awayFor(9), following(id, { over: AbortSignal.abort() }))).rejects.toMatchObject(told);
});

test('an execution that is not there is not waited for', async () => {
  await expect(follow(parts, following(newId()))).rejects.toMatchObject({ code: 'execution_not_found' });
});
