/** POST /api/workflows/:id/execute: starts by hand, one or many in one transaction. */
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { ExecuteBody, executeHeaders } from '../contract/workflows.ts';
import { parseDuration } from '../core/duration.ts';
import { type Fault, MyelinError } from '../core/errors.ts';
import { fitFaults } from '../core/json-schema/fit.ts';
import type { Start } from '../engine/starter.ts';
import type { Workflow } from '../ports/workflows.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';
import { startKey } from './start-key.ts';
import { findWorkflow } from './workflows.ts';

/** What stands for the trigger of a workflow that has no manual one. */
const BY_API = 'api';
export const KEY_TTL_MS = 24 * 3_600_000;

export function execute(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>): void {
  const { starter } = deps.engine;

  operation(app, 'executeWorkflow', async ({ projectId, params, headers, body, reply }) => {
    const workflow = await findWorkflow(deps.store.workflows, projectId, params.id);
    const starts = startsOf(workflow, body, keyOf(headers, deps.runtime.now()));
    if (body.inputs !== undefined) {
      const started = await starter.startMany(starts);
      return { executionIds: started.map((one) => one.executionId) };
    }
    const { executionId } = await starter.start(starts[0] as Start);
    reply.header('location', `/api/executions/${executionId}`);
    return { executionId };
  });
}

interface Key {
  readonly key: string;
  readonly expiresAt: number;
}

function keyOf({ 'idempotency-key': key, 'idempotency-ttl': ttl }: z.output<typeof executeHeaders>, now: number) {
  return key === undefined
    ? undefined
    : { key, expiresAt: now + (ttl === undefined ? KEY_TTL_MS : parseDuration(ttl)) };
}

/** Of many, each has a key of its own, which no single start can have. */
export function startsOf(workflow: Workflow, body: ExecuteBody, given: Key | undefined): Start[] {
  if (workflow.status === 'paused') {
    throw new MyelinError('workflow_not_active', `The workflow ${workflow.name} is paused; resume it first.`);
  }
  const manual = workflow.definition.triggers?.find((trigger) => trigger.type === 'manual');
  const inputs = body.inputs ?? [body.input === undefined ? {} : body.input];
  checkInputs(manual?.input, body, inputs);
  const triggerId = manual?.id ?? BY_API;
  const { projectId, id: workflowId, version } = workflow;
  return inputs.map((trigger, index) => {
    const start = { projectId, workflowId, version, triggerId, trigger };
    if (given === undefined) return start;
    const place = body.inputs === undefined ? triggerId : `${triggerId}#${index}`;
    return { ...start, key: { ...given, key: startKey(workflowId, place, given.key) } };
  });
}

/** Against the JSON Schema of the manual trigger, where it has one. Throws `invalid_request` with all faults. */
export function checkInputs(schema: unknown, body: ExecuteBody, inputs: readonly unknown[]): void {
  if (schema === undefined) return;
  const errors = inputs.flatMap((input, index) => {
    const place = body.inputs === undefined ? 'input' : `inputs[${index}]`;
    return fitFaults(schema, input).map((fault): Fault => ({ ...fault, path: join(place, fault.path) }));
  });
  const [first] = errors;
  if (first === undefined) return;
  throw new MyelinError('invalid_request', `${first.path}: ${first.message}`, { errors: errors.slice(0, 100) });
}

function join(place: string, path: string): string {
  if (path === '') return place;
  return path.startsWith('[') ? place + path : `${place}.${path}`;
}
