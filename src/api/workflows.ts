/** /api/workflows: definitions and their versions. */
import type { FastifyInstance } from 'fastify';
import type { Validation, WorkflowAnswer, WorkflowSummary } from '../contract/workflows.ts';
import type { Definition } from '../core/definition/schema.ts';
import { definitionFaults, validate } from '../core/definition/validate.ts';
import { MyelinError } from '../core/errors.ts';
import { isUuid } from '../core/uuid.ts';
import type { Workflow, WorkflowStore } from '../ports/workflows.ts';
import type { ApiDeps } from './deps.ts';
import { toolName } from './mcp/tools.ts';
import { operation } from './operation.ts';
import { triggersOf } from './trigger-rows.ts';
import { warningsOf } from './warnings.ts';
import { namingHolders } from './webhook-holders.ts';

type Deps = Pick<ApiDeps, 'store' | 'catalog' | 'runtime' | 'engine' | 'models'>;

/** `changed` is called when triggers may have changed: who caches webhooks forgets them. */
export function workflows(app: FastifyInstance, deps: Deps, changed: () => Promise<void>): void {
  const { catalog, runtime } = deps;
  const store = deps.store.workflows;

  operation(app, 'createWorkflow', async ({ projectId, query, body, request, reply }) => {
    const definition = validate(body, catalog);
    const status = query.activate === 'true' ? 'active' : 'draft';
    const triggers = triggersOf(definition, runtime);
    const id = runtime.id();
    const created = await namingHolders(projectId, definition, store, () =>
      store.create({
        id,
        projectId,
        definition,
        status,
        triggers,
        savedBy: request.caller.keyName,
        now: runtime.now(),
      }),
    );
    await changed();
    reply.header('location', `/api/workflows/${id}`).header('etag', etag(created));
    return answer(created);
  });

  operation(app, 'validateWorkflow', async ({ projectId, body }): Promise<Validation> => {
    const errors = definitionFaults(body, catalog);
    if (errors.length > 0) return { valid: false, errors, warnings: [] };
    const known = { workflows: store, connections: deps.store.connections, models: deps.models };
    return { valid: true, errors, warnings: await warningsOf(projectId, body as Definition, known) };
  });

  operation(app, 'getWorkflow', async ({ projectId, params, reply }) => {
    const workflow = await findWorkflow(store, projectId, params.id);
    reply.header('etag', etag(workflow));
    return answer(workflow);
  });

  operation(app, 'listWorkflows', async ({ projectId, query }) => {
    const { limit, cursor, status } = query;
    const page = { limit: limit + 1, ...(cursor && { after: cursor }), ...(status && { status }) };
    const found = await store.list(projectId, page);
    const items = found.slice(0, limit);
    return { items: items.map(summary), nextCursor: found.length > limit ? (items.at(-1)?.name ?? null) : null };
  });

  operation(app, 'updateWorkflow', async ({ projectId, params, query, headers, body, request, reply }) => {
    const definition = validate(body, catalog);
    const { id, definition: before } = await findWorkflow(store, projectId, params.id);
    const triggers = triggersOf(definition, runtime, before);
    const change = { id, projectId, definition, triggers, savedBy: request.caller.keyName, now: runtime.now() };
    const saved = await namingHolders(projectId, definition, store, () =>
      store.update({ ...change, activate: query.activate === 'true', ...expectation(headers) }),
    );
    await changed();
    reply.header('etag', etag(saved));
    return answer(saved);
  });

  operation(app, 'deleteWorkflow', async ({ projectId, params }) => {
    const { id } = await findWorkflow(store, projectId, params.id);
    await refuseWhileActive(deps.store, projectId, id);
    await store.delete(projectId, id);
    await changed();
    return undefined;
  });

  for (const [name, status] of [
    ['activateWorkflow', 'active'],
    ['pauseWorkflow', 'paused'],
  ] as const) {
    operation(app, name, async ({ projectId, params, body }) => {
      const { id, definition } = await findWorkflow(store, projectId, params.id);
      const workflow = await namingHolders(projectId, definition, store, () =>
        store.setStatus(projectId, id, status, runtime.now()),
      );
      await changed();
      if (body.executions === true) await hold(deps, workflow);
      return answer(workflow);
    });
  }
}

/** Every execution that has not ended hears of it; for one that is paused already, or goes on, nothing changes. */
async function hold(
  { store, engine }: Pick<ApiDeps, 'store' | 'engine'>,
  { projectId, id, status }: Workflow,
): Promise<void> {
  const type = status === 'paused' ? 'pause' : 'resume';
  await store.executions.postToWorkflow(projectId, id, { type, reason: `with the workflow, by a person` });
  engine.wake();
}

/** By id or name; throws `workflow_not_found`. */
export async function findWorkflow(store: WorkflowStore, projectId: string, idOrName: string): Promise<Workflow> {
  const workflow = await store.get(projectId, idOrName);
  if (workflow === undefined) throw new MyelinError('workflow_not_found', `There is no workflow ${idOrName}.`);
  return workflow;
}

/** Of an id or a name. One that was deleted is still known by its id. Throws `workflow_not_found`. */
export async function workflowIdOf(store: WorkflowStore, projectId: string, idOrName: string): Promise<string> {
  return isUuid(idOrName) ? idOrName : (await findWorkflow(store, projectId, idOrName)).id;
}

/** Its executions run on its versions: they must have ended. */
async function refuseWhileActive(store: ApiDeps['store'], projectId: string, workflowId: string): Promise<void> {
  for (const status of ['pending', 'running', 'waiting', 'compensating'] as const) {
    const [one] = await store.executions.list({ projectId, workflowId, statuses: [status], limit: 1 });
    if (one !== undefined) {
      throw new MyelinError(
        'execution_active',
        `Execution ${one.id} is ${status}; pause the workflow, then cancel it.`,
      );
    }
  }
}

export function answer({ id, name, version, status, definition, createdAt, updatedAt }: Workflow): WorkflowAnswer {
  const dates = { createdAt: new Date(createdAt).toISOString(), updatedAt: new Date(updatedAt).toISOString() };
  return { id, name, version, status, definition, ...dates };
}

function summary(workflow: Workflow): WorkflowSummary {
  const { definition, ...rest } = answer(workflow);
  return { ...rest, description: definition.description ?? null, ...contentsOf(definition as Definition) };
}

function contentsOf(definition: Definition): Pick<WorkflowSummary, 'nodes' | 'triggers' | 'tool'> {
  const triggers = (definition.triggers ?? []).map((trigger) => trigger.type);
  return { nodes: definition.nodes.length, triggers, tool: toolName(definition) };
}

export const etag = ({ version }: Workflow): string => `"${version}"`;

/** What `If-Match` asks of the present version. */
export function expectation(headers: { 'if-match'?: string | undefined }): { expectedVersion?: number } {
  const digits = /\d+/.exec(headers['if-match'] ?? '')?.[0];
  return digits === undefined ? {} : { expectedVersion: Number(digits) };
}
