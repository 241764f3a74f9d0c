/** POST /api/workflows/:id/test: runs a document without saving it as a version that people see. */
import type { FastifyInstance } from 'fastify';
import type { TestBody } from '../contract/test-workflow.ts';
import { forTest } from '../core/definition/for-test.ts';
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

export function testWorkflow(app: FastifyInstance, { store, engine, runtime, catalog }: Deps): void {
  operation(app, 'testWorkflow', async ({ projectId, params, body, reply }) => {
    const workflow = await findWorkflow(store.workflows, projectId, params.id);
    const { definition: given = workflow.definition, input = {}, pins = {}, until } = body;
    const whole = validate(given, catalog);
    refuseUnknown(whole, body);
    const manual = whole.triggers?.find((trigger) => trigger.type === 'manual');
    checkInputs(manual?.input, { input }, [input]);
    const executionId = runtime.id();
    const definition = forTest(whole, until);
    const test = { projectId, workflowId: workflow.id, executionId, definition, now: runtime.now() };
    const version = await store.workflows.keepTest(test);
    const start = { projectId, workflowId: workflow.id, version, triggerId: BY_TEST, trigger: input, executionId };
    await engine.starter.start({ ...start, test: { pins } });
    reply.header('location', `/api/executions/${executionId}`);
    return { executionId };
  });
}

/** Throws `invalid_request` where a pin or `until` names no node outside of containers. */
function refuseUnknown({ nodes }: Definition, { pins = {}, until }: TestBody): void {
  const ids = new Set(nodes.map(({ id }) => id));
  const named = Object.keys(pins).map((id) => ({ path: `pins.${id}`, id }));
  if (until !== undefined) named.push({ path: 'until', id: until });
  const errors = named
    .filter(({ id }) => !ids.has(id))
    .map(
      ({ path, id }): Fault => ({ path, message: `there is no node ${id} outside of containers${suggest(id, ids)}` }),
    );
  const [first] = errors;
  if (first === undefined) return;
  throw new MyelinError('invalid_request', `${first.path}: ${first.message}`, { errors: errors.slice(0, 100) });
}
