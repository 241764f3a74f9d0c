/** GET /api/events: what is in the log of messages. */
import type { FastifyInstance } from 'fastify';
import type { MessageSummary } from '../../contract/events.ts';
import { MyelinError } from '../../core/errors.ts';
import { eventKey } from '../../core/event-group.ts';
import { fitsPattern } from '../../core/message-pattern.ts';
import type { MessageRow } from '../../ports/messages.ts';
import type { Store } from '../../ports/store.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';

export function eventLog(app: FastifyInstance, { store }: Pick<ApiDeps, 'store'>): void {
  operation(app, 'listEvents', async ({ projectId, query: { limit, cursor, from, to, ...filter } }) => {
    const before = cursor === undefined ? undefined : placeOf(cursor);
    const found = await store.messages.list({
      ...filter,
      projectId,
      limit: limit + 1,
      ...(before !== undefined && { before }),
      ...(from !== undefined && { from: Date.parse(from) }),
      ...(to !== undefined && { to: Date.parse(to) }),
    });
    const items = found.slice(0, limit).map(summary);
    return { items, nextCursor: found.length > limit ? String(items.at(-1)?.position) : null };
  });

  operation(app, 'getEvent', async ({ projectId, params: { position } }) => {
    const row = await store.messages.get(projectId, position);
    if (row === undefined) throw new MyelinError('message_not_found', `There is no message at position ${position}.`);
    return { ...summary(row), event: row.event, started: await startedBy(store, row) };
  });
}

/** Starts that are asked about, and of a trigger, whose group was set back perhaps, its last turns. */
const MAX_ASKED = 100;
const MAX_TURNS = 10;

async function startedBy({ eventGroups, executions }: Store, { projectId, event }: MessageRow) {
  const triggers = await eventGroups.listening([projectId]);
  const fitting = triggers.filter(({ config }) => fitsPattern(String(config.event), event.type));
  const turns = fitting.flatMap((one) => {
    const count = Math.min(MAX_TURNS, one.turn + 1);
    return Array.from({ length: count }, (_, back) => ({ ...one, turn: one.turn - back }));
  });
  const found = turns.slice(0, MAX_ASKED).map(async ({ workflowId, workflowName, group, turn }) => {
    const executionId = await executions.byKey(projectId, eventKey(event, group, turn));
    const execution = executionId && (await executions.get(projectId, executionId));
    // The others of its group know it by the same key.
    return execution && execution.workflowId === workflowId ? [{ executionId, workflowId, workflowName }] : [];
  });
  const started = (await Promise.all(found)).flat();
  return [...new Map(started.map((one) => [one.executionId, one])).values()];
}

function placeOf(cursor: string): number {
  const place = Number(cursor);
  if (Number.isSafeInteger(place) && place > 0) return place;
  throw new MyelinError('invalid_request', 'query.cursor: is not one that a page gave', {
    errors: [{ path: 'query.cursor', message: 'is not one that a page gave' }],
  });
}

function summary({ id: position, event, createdAt }: MessageRow): MessageSummary {
  const { id, source, type, topic = null, partitionkey: key = null, subject = null } = event;
  return {
    ...{ position, id, source, type, topic, key, subject },
    correlationId: event.correlationid ?? null,
    size: JSON.stringify(event).length,
    at: new Date(createdAt).toISOString(),
  };
}
