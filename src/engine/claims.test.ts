import { expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { execution, serverParts } from '../testing/api.ts';
import { definition, newWorkflow } from '../testing/factories.ts';

/** The child cannot be, so the commit with which the execution comes to wait is the one that calls it back. */
const callsNobody = { nodes: [{ id: 'call', type: 'workflow', config: { workflow: 'nobody' } }] };

test('what is claimed before the answer to the commit that let it go has come is read again, and goes on', async () => {
  const parts = serverParts();
  const { store, engine } = parts;
  const { commit, claim } = store.executions;
  let claimed = () => {};
  const isClaimed = new Promise<void>((resolve) => {
    claimed = resolve;
  });
  Object.assign(store.executions, {
    commit: async (commits: Parameters<typeof commit>[0]) => {
      const results = await commit(commits);
      if (commits.some((one) => one.status === 'waiting')) await isClaimed;
      return results;
    },
    claim: async (owner: string, limit: number) => {
      const found = await claim(owner, limit);
      if (found.length > 0) setImmediate(claimed);
      return found;
    },
    // Nobody comes to look for strays.
    owned: async () => [],
  });
  const { id } = await store.workflows.create(
    newWorkflow({ definition: definition('w', callsNobody), status: 'active' }),
  );
  await engine.start();
  const start = { projectId: DEFAULT_PROJECT, workflowId: id, version: 1, triggerId: 'manual', trigger: null };
  const { executionId } = await engine.starter.start(start);
  const row = await execution(parts, executionId);
  expect(row.error).toMatchObject({ code: 'child_failed' });
  await engine.stop(1_000);
  expect(engine.worker?.size).toBe(0);
});
