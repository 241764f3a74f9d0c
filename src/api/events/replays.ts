/** /api/replays: messages of the log that start a workflow once more. The replayer of the engine does it. */
import type { FastifyInstance } from 'fastify';
import type { messageFilter } from '../../contract/events.ts';
import type { DryReplay, ReplayAnswer } from '../../contract/replays.ts';
import { type Definition, triggerConfigOf } from '../../core/definition/schema.ts';
import { MyelinError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import { isUuid } from '../../core/uuid.ts';
import { type Preview, previewReplay } from '../../engine/replay-choice.ts';
import type { MessageRow } from '../../ports/messages.ts';
import { MAX_REPLAYS, type Replay, type ReplayTrigger } from '../../ports/replays.ts';
import type { Workflow } from '../../ports/workflows.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';
import { findWorkflow } from '../workflows.ts';

export function replays(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>): void {
  const { store, engine, runtime } = deps;

  operation(app, 'startReplay', async ({ projectId, body, reply }) => {
    const { workflow: name, trigger: triggerId, dryRun, effects } = body;
    const workflow = await findWorkflow(store.workflows, projectId, name);
    const trigger = triggerOf(workflow.definition, triggerId);
    refuseInactive(workflow);
    const filter = parsedFilter(body.filter);
    const of = { ...filter, projectId };
    if (dryRun) {
      const preview = await previewReplay({ messages: store.messages, schemas: engine.schemas, runtime }, of, trigger);
      const rows = await Promise.all(preview.first.map(({ id }) => store.messages.get(projectId, id)));
      reply.status(200);
      return dryAnswer(
        workflow,
        trigger,
        preview,
        rows.filter((one) => one !== undefined),
      );
    }
    const total = await store.messages.count(of);
    const now = runtime.now();
    const replay = await store.replays.add({
      ...{ id: runtime.id(), projectId, filter, trigger, suppressed: effects === 'suppress' },
      ...{ workflowId: workflow.id, workflowName: workflow.name, version: workflow.version },
      ...{ status: 'running', position: 0, total, started: 0, skipped: 0, refused: 0, error: null },
      ...{ createdAt: now, movedAt: now, finishedAt: null },
    });
    if (replay === undefined) throw tooMany();
    engine.changes.touch(projectId, ['replays']);
    reply.status(201).header('location', `/api/replays/${replay.id}`);
    return answer(replay);
  });

  operation(app, 'listReplays', async ({ projectId, query: { limit, cursor } }) => {
    if (cursor !== undefined && !isUuid(cursor)) throw refusal('query.cursor', 'is not one that a page gave');
    const page = { limit: limit + 1, ...(cursor !== undefined && { before: cursor }) };
    const found = await store.replays.list(projectId, page);
    const items = found.slice(0, limit).map(answer);
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  });

  operation(app, 'getReplay', async ({ projectId, params: { id } }) =>
    answer(known(id, isUuid(id) ? await store.replays.get(projectId, id) : undefined)),
  );

  operation(app, 'cancelReplay', async ({ projectId, params: { id } }) => {
    const replay = known(id, isUuid(id) ? await store.replays.cancel(projectId, id, runtime.now()) : undefined);
    engine.changes.touch(projectId, ['replays']);
    return answer(replay);
  });
}

/** Throws `invalid_request` where the id is of no event trigger. */
function triggerOf({ triggers = [] }: Definition, wanted: string | undefined): ReplayTrigger | null {
  const listening = triggers.filter(({ type }) => type === 'event');
  const found = wanted === undefined ? listening[0] : listening.find(({ id }) => id === wanted);
  if (found !== undefined) return { name: found.id, config: triggerConfigOf(found) };
  if (wanted === undefined) return null;
  const ids = listening.map(({ id }) => id);
  throw refusal('body.trigger', `the workflow has no event trigger ${wanted}${suggest(wanted, ids)}`);
}

function refuseInactive({ name, status }: Workflow): void {
  if (status === 'active') return;
  throw new MyelinError('workflow_not_active', `The workflow ${name} is ${status === 'draft' ? 'a draft' : status}.`);
}

type Filter = ReturnType<typeof messageFilter.parse>;

function parsedFilter({ from, to, ...rest }: Filter): Replay['filter'] {
  const isEmpty = from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to);
  if (isEmpty) throw refusal('body.filter.to', 'is not after `from`, so no message is in between');
  return {
    ...rest,
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  };
}

function refusal(path: string, message: string): MyelinError {
  return new MyelinError('invalid_request', `${path}: ${message}`, { errors: [{ path, message }] });
}

function tooMany(): MyelinError {
  return new MyelinError('too_many_replays', `${MAX_REPLAYS} replays run in the project already.`);
}

function known(id: string, replay: Replay | undefined): Replay {
  if (replay === undefined) throw new MyelinError('replay_not_found', `There is no replay ${id}.`);
  return replay;
}

function dryAnswer(
  { id: workflowId, name: workflowName, version }: Workflow,
  trigger: ReplayTrigger | null,
  { first, ...counts }: Preview,
  rows: readonly MessageRow[],
): DryReplay {
  return {
    ...{ dryRun: true, workflowId, workflowName, version, trigger: trigger?.name ?? null, ...counts },
    first: rows.map((row) => ({
      ...{ position: row.id, id: row.event.id, type: row.event.type, key: row.event.partitionkey ?? null },
      at: timeText(row.createdAt),
      starts: first.some(({ id, starts }) => id === row.id && starts),
    })),
  };
}

const timeText = (at: number): string => new Date(at).toISOString();

function answer(replay: Replay): ReplayAnswer {
  const { filter, trigger, suppressed, error, createdAt, finishedAt, id, status, total } = replay;
  const { started, skipped, refused, position, workflowId, workflowName, version } = replay;
  const { from, to, ...rest } = filter;
  return {
    ...{ id, status, workflowId, workflowName, version, total, started, skipped, refused, position },
    filter: {
      ...rest,
      ...(from !== undefined && { from: timeText(from) }),
      ...(to !== undefined && { to: timeText(to) }),
    },
    trigger: trigger?.name ?? null,
    effects: suppressed ? 'suppress' : 'run',
    error: error && { code: error.code, message: error.message },
    createdAt: timeText(createdAt),
    finishedAt: finishedAt === null ? null : timeText(finishedAt),
  };
}
