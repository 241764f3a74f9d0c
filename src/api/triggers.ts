/** Triggers and webhooks. A trigger is a part of a definition, so changing one saves a new version of its workflow. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Page } from '../contract/page.ts';
import type { ScheduleTimes } from '../contract/schedules.ts';
import type { TriggerAnswer } from '../contract/triggers.ts';
import type { WebhookAnswer } from '../contract/webhooks.ts';
import type { Definition } from '../core/definition/schema.ts';
import { validate } from '../core/definition/validate.ts';
import { MyelinError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { ScheduleConfig } from '../core/schedule/schedule.ts';
import { DEFAULT_ZONE } from '../core/schedule/schedule.ts';
import { upcoming } from '../core/schedule/upcoming.ts';
import { isUuid } from '../core/uuid.ts';
import { SILENT_MS } from '../engine/trigger-states.ts';
import type { PairPage, TriggerRow, WebhookRow, Workflow } from '../ports/workflows.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';
import { triggerAnswer, triggersOf, webhookUrl } from './trigger-rows.ts';
import { findWorkflow } from './workflows.ts';

type Deps = Pick<ApiDeps, 'store' | 'catalog' | 'runtime'>;

/** `changed` is called when triggers have changed. */
export function triggers(app: FastifyInstance, deps: Deps, changed: () => Promise<void>): void {
  const store = deps.store.workflows;

  operation(app, 'listTriggers', async ({ projectId, params }) => {
    const { id } = await findWorkflow(store, projectId, params.id);
    return { items: await answers(deps, projectId, await store.triggers(projectId, id)), nextCursor: null };
  });

  operation(app, 'listProjectTriggers', async ({ projectId, query }) => {
    const found = await store.triggers(projectId, undefined, pairPage(query));
    const states = await deps.store.triggerStates.list(projectId, SILENT_MS);
    const view = (row: TriggerRow) => triggerAnswer(row, states);
    return paged(found, query.limit, view, ({ workflowName, name }) => [workflowName, name]);
  });

  operation(app, 'listWebhooks', async ({ projectId, query }) => {
    const found = await store.webhooks(projectId, pairPage(query));
    return paged(found, query.limit, webhookAnswer, ({ path, method }) => [path, method]);
  });

  operation(app, 'nextTimes', async ({ projectId, params, query }) => {
    const { trigger } = await find(deps, projectId, params.id);
    if (trigger.type !== 'schedule') {
      throw new MyelinError('not_a_schedule', `${trigger.name} is a ${trigger.type} trigger and has no times.`);
    }
    const after = trigger.nextAt === null ? deps.runtime.now() : trigger.nextAt - 1;
    return timesOf(trigger.config, after, query.count);
  });

  operation(app, 'pollNow', async ({ projectId, params }) => {
    const { trigger } = await find(deps, projectId, params.id);
    if (trigger.type !== 'poll') {
      throw new MyelinError('not_a_poll', `${trigger.name} is a ${trigger.type} trigger and looks at nothing.`);
    }
    const isActive = await deps.store.polls.hurry(projectId, trigger.id, deps.runtime.now());
    if (!isActive) throw new MyelinError('workflow_not_active');
    return undefined;
  });

  operation(app, 'previewSchedule', async ({ query, body }) => timesOf(body, deps.runtime.now(), query.count));

  operation(app, 'addTrigger', async ({ projectId, params, body, request }) => {
    const workflow = await findWorkflow(store, projectId, params.id);
    const before = workflow.definition.triggers ?? [];
    await save(deps, request, workflow, [...before, body]);
    await changed();
    return await answer(deps, await named(deps, workflow, nameOf(body)));
  });

  operation(app, 'updateTrigger', async ({ projectId, params, body, request }) => {
    const { workflow, trigger } = await find(deps, projectId, params.id);
    const change = isObject(body) ? { id: trigger.name, ...body } : body;
    const list = workflow.definition.triggers ?? [];
    await save(
      deps,
      request,
      workflow,
      list.map((one) => (one.id === trigger.name ? change : one)),
    );
    await changed();
    return await answer(deps, await named(deps, workflow, nameOf(change)));
  });

  operation(app, 'deleteTrigger', async ({ projectId, params, request }) => {
    const { workflow, trigger } = await find(deps, projectId, params.id);
    await save(
      deps,
      request,
      workflow,
      (workflow.definition.triggers ?? []).filter((one) => one.id !== trigger.name),
    );
    await changed();
    return undefined;
  });
}

async function answers(deps: Deps, projectId: string, rows: readonly TriggerRow[]): Promise<TriggerAnswer[]> {
  const states = await deps.store.triggerStates.list(projectId, SILENT_MS);
  return rows.map((row) => triggerAnswer(row, states));
}

async function answer(deps: Deps, row: TriggerRow): Promise<TriggerAnswer> {
  return triggerAnswer(row, await deps.store.triggerStates.list(row.projectId, SILENT_MS));
}

interface PageAsked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** One more than the page has, so that it is known whether there is another. */
function pairPage({ limit, cursor }: PageAsked): PairPage {
  if (cursor === undefined) return { limit: limit + 1 };
  // Neither names of triggers nor methods have one.
  const at = cursor.lastIndexOf(' ');
  if (at === -1) {
    throw new MyelinError('invalid_request', 'query.cursor: take it from `nextCursor` of the page before');
  }
  return { after: [cursor.slice(0, at), cursor.slice(at + 1)], limit: limit + 1 };
}

function paged<R, T>(
  found: readonly R[],
  limit: number,
  answer: (row: R) => T,
  keys: (row: R) => readonly [string, string],
): Page<T> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const nextCursor = found.length > limit && last !== undefined ? keys(last).join(' ') : null;
  return { items: rows.map(answer), nextCursor };
}

async function find(deps: Deps, projectId: string, id: string): Promise<{ workflow: Workflow; trigger: TriggerRow }> {
  const store = deps.store.workflows;
  const trigger = isUuid(id) ? await store.trigger(projectId, id) : undefined;
  const workflow = trigger === undefined ? undefined : await store.get(projectId, trigger.workflowId);
  if (trigger === undefined || workflow === undefined) {
    throw new MyelinError('trigger_not_found', `There is no trigger ${id}.`);
  }
  return { workflow, trigger };
}

/** A version with these triggers, made from the version that was read. */
async function save(
  deps: Deps,
  request: Pick<FastifyRequest, 'caller'>,
  workflow: Workflow,
  list: readonly unknown[],
): Promise<void> {
  const { id, projectId, version } = workflow;
  const { triggers: _, ...rest } = workflow.definition;
  const document = list.length === 0 ? rest : { ...rest, triggers: list };
  const definition: Definition = validate(document, deps.catalog);
  const triggers = triggersOf(definition, deps.runtime, workflow.definition);
  const change = { id, projectId, definition, triggers, expectedVersion: version, now: deps.runtime.now() };
  await deps.store.workflows.update({ ...change, savedBy: request.caller.keyName });
}

async function named(deps: Deps, { projectId, id }: Workflow, name: string): Promise<TriggerRow> {
  const rows = await deps.store.workflows.triggers(projectId, id);
  const row = rows.find((one) => one.name === name);
  if (row === undefined) throw new MyelinError('trigger_not_found', `The trigger ${name} was removed in between.`);
  return row;
}

function timesOf(config: ScheduleConfig, after: number, count: number): ScheduleTimes {
  return { timezone: config.timezone ?? DEFAULT_ZONE, times: upcoming(config, after, count) };
}

const nameOf = (document: unknown): string => (isObject(document) ? String(document.id) : '');

function webhookAnswer(row: WebhookRow): WebhookAnswer {
  const { triggerId, triggerName, workflowId, version, method, path, projectId, config } = row;
  const verify = isObject(config.verify) ? String(config.verify.scheme) : null;
  const respond = config.respond === 'result' ? 'result' : 'accepted';
  const url = webhookUrl(projectId, path);
  return { triggerId, triggerName, workflowId, version, method, path, url, respond, verify };
}
