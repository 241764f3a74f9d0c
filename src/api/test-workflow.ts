/** POST /api/workflows/:id/test, and /api/workflows/test: run a document without saving it as a version that people see. */
import type { FastifyInstance } from 'fastify';
import type { TestBody } from '../contract/test-workflow.ts';
import { forTest } from '../core/definition/for-test.ts';
import { nodesOf } from '../core/definition/places.ts';
import type { Definition } from '../core/definition/schema.ts';
import { validate } from '../core/definition/validate.ts';
import { type Fault, MyelinError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import type { ApiDeps } from './deps.ts';
import { checkInputs } from './execute.ts';
import { operation } from './operation.ts';
import { findWorkflow } from './workflows.ts';

/** What stands for the trigger. */
const BY_TEST = 'test';

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime' | 'catalog'>;

export function testWorkflow(app: FastifyInstance, deps: Deps): void {
  const { store, runtime } = deps;
  operation(app, 'testWorkflow', async ({ projectId, params, body, reply }) => {
    const { id, definition } = await findWorkflow(store.workflows, projectId, params.id);
    const executionId = await start(deps, projectId, id, { definition, ...body });
    reply.header('location', `/api/executions/${executionId}`);
    return { executionId };
  });
  operation(app, 'testDraft', async ({ projectId, body, reply }) => {
    const executionId = await start(deps, projectId, runtime.id(), body);
    reply.header('location', `/api/executions/${executionId}`);
    return { executionId };
  });
}

/** The id of the execution. */
async function start(
  { store, engine, runtime, catalog }: Deps,
  projectId: string,
  workflowId: string,
  body: TestBody,
): Promise<string> {
  const { input = {}, pins = {}, until } = body;
  const whole = validate(body.definition, catalog);
  refuseUnknown(whole, body);
  const manual = whole.triggers?.find((trigger) => trigger.type === 'manual');
  checkInputs(manual?.input, { input }, [input]);
  const executionId = runtime.id();
  const definition = forTest(whole, until);
  const version = await store.workflows.keepTest({
    projectId,
    workflowId,
    executionId,
    definition,
    now: runtime.now(),
  });
  const wanted = { projectId, workflowId, version, triggerId: BY_TEST, trigger: input, executionId };
  await engine.starter.start({ ...wanted, test: { pins } });
  return executionId;
}

/** Throws `invalid_request` where a pin or `until` is the place of no node. */
function refuseUnknown(definition: Definition, { pins = {}, until }: TestBody): void {
  const ids = new Set(nodesOf(definition).map(({ place }) => place));
  const named = Object.keys(pins).map((id) => ({ path: `pins.${id}`, id }));
  if (until !== undefined) named.push({ path: 'until', id: until });
  const errors = named
    .filter(({ id }) => !ids.has(id))
    .map(({ path, id }): Fault => ({ path, message: `there is no node ${id}${suggest(id, ids)}` }));
  const [first] = errors;
  if (first === undefined) return;
  throw new MyelinError('invalid_request', `${first.path}: ${first.message}`, { errors: errors.slice(0, 100) });
}
