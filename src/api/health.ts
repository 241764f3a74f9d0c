/** For those who watch the process: is it alive, can it take requests, and its figures. */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import { SILENT_MS } from '../engine/trigger-states.ts';
import type { ApiDeps } from './deps.ts';
import { createMetrics } from './metrics.ts';
import { operation } from './operation.ts';
import { inTime } from './patience.ts';

/** Longest time that the database may take to answer. */
const PATIENCE_MS = 1_000;

export function health(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime' | 'leaving'>): void {
  const metrics = createMetrics(
    deps.engine,
    () => inTime(deps.runtime, PATIENCE_MS, deps.store.messages.lag()),
    () => inTime(deps.runtime, PATIENCE_MS, deps.store.flow.waiting()),
    () => inTime(deps.runtime, PATIENCE_MS, deps.store.deadLetters.countNew()),
    () => inTime(deps.runtime, PATIENCE_MS, deps.store.sessions.active()),
    () => inTime(deps.runtime, PATIENCE_MS, deps.store.schedules.lateness(deps.runtime.now())),
    () => inTime(deps.runtime, PATIENCE_MS, deps.store.triggerStates.errors(SILENT_MS)),
    () => inTime(deps.runtime, PATIENCE_MS, deps.store.eventFeeds.lag()),
    () => inTime(deps.runtime, PATIENCE_MS, deps.store.eventGroups.figures(deps.runtime.now())),
  );
  operation(app, 'live', async () => ({ status: 'ok' as const }));
  operation(app, 'ready', async () => {
    if (deps.leaving.aborted) throw new MyelinError('shutting_down');
    await inTime(deps.runtime, PATIENCE_MS, deps.store.ping());
    return { status: 'ready' as const };
  });
  operation(app, 'metrics', async ({ reply }) => {
    reply.type(metrics.contentType);
    return await metrics.metrics();
  });
}
