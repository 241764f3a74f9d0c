/** /api/workflows/:id/versions: what a workflow was before, and the way back to it. */
import type { FastifyInstance } from 'fastify';
import { validate } from '../core/definition/validate.ts';
import { MyelinError } from '../core/errors.ts';
import { isUuid } from '../core/uuid.ts';
import type { VersionRow, Workflow, WorkflowStore, WorkflowVersion } from '../ports/workflows.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';
import { triggersOf } from './trigger-rows.ts';
import { namingHolders } from './webhook-holders.ts';
import { answer, etag, expectation, findWorkflow } from './workflows.ts';

type Deps = Pick<ApiDeps, 'store' | 'catalog' | 'runtime'>;

/** `changed` is called when triggers may have changed. */
export function versions(app: FastifyInstance, deps: Deps, changed: () => Promise<void>): void {
  const { catalog, runtime } = deps;
  const store = deps.store.workflows;

  operation(app, 'listVersions', async ({ projectId, params, query: { limit, cursor } }) => {
    const workflow = await findWorkflow(store, projectId, params.id);
    const before = cursor === undefined ? {} : { before: toVersion(cursor) };
    const found = await store.versions(projectId, workflow.id, { ...before, limit: limit + 1 });
    const items = found.slice(0, limit);
    const nextCursor = found.length > limit ? String(items.at(-1)?.version) : null;
    return { items: items.map((row) => summary(workflow, row)), nextCursor };
  });

  operation(app, 'getVersion', async ({ projectId, params }) => {
    // The executions of a workflow that is gone, or never was, stay readable; their document is found by its id alone.
    const lone = await loneVersion(store, projectId, params);
    if (lone !== undefined) return { ...summary(undefined, lone), definition: lone.definition };
    const workflow = await findWorkflow(store, projectId, params.id);
    const found = await findVersion(store, workflow, params.version);
    return { ...summary(workflow, found), definition: found.definition };
  });

  operation(app, 'rollbackWorkflow', async ({ projectId, params, headers, body, request, reply }) => {
    const workflow = await findWorkflow(store, projectId, params.id);
    // What was valid when it was saved need not be now: a node type may be gone.
    const { definition } = await findVersion(store, workflow, body.version);
    validate(definition, catalog);
    const { id } = workflow;
    const change = {
      id,
      projectId,
      definition,
      triggers: triggersOf(definition, runtime, definition),
      now: runtime.now(),
      savedBy: request.caller.keyName,
    };
    const saved = await namingHolders(projectId, definition, store, () =>
      store.update({ ...change, ...expectation(headers) }),
    );
    await changed();
    reply.header('etag', etag(saved));
    return answer(saved);
  });
}

/** Throws `version_not_found`. */
async function findVersion(store: WorkflowStore, { projectId, id, name }: Workflow, version: number) {
  const found = isVersion(version) ? await store.version(projectId, id, version) : undefined;
  if (found !== undefined) return found;
  throw new MyelinError('version_not_found', `The workflow ${name} has no version ${version}.`);
}

/** Undefined where the workflow exists, or nothing is left of it. */
async function loneVersion(
  store: WorkflowStore,
  projectId: string,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<WorkflowVersion | undefined> {
  if (!isUuid(id) || !isVersion(version) || (await store.get(projectId, id)) !== undefined) return undefined;
  return await store.version(projectId, id, version);
}

function summary(workflow: Workflow | undefined, { version, createdAt, savedBy }: VersionRow) {
  return { version, createdAt: new Date(createdAt).toISOString(), savedBy, present: version === workflow?.version };
}

function toVersion(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new MyelinError('invalid_request', 'query.cursor: take it from `nextCursor` of the page before');
}

/** What the column can hold. */
const isVersion = (version: number): boolean => Math.abs(version) < 2 ** 31 - 1;
