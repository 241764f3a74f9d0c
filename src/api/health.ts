/** For those who watch the process: is it alive, can it take requests, and its figures. */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import type { ApiDeps } from './deps.ts';
import { createMetrics } from './metrics.ts';
import { operation } from './operation.ts';

/** Longest time that the database may take to answer. */
const PATIENCE_MS = 1_000;

export function health(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>): void {
  const metrics = createMetrics(deps.engine);
  operation(app, 'live', async () => ({ status: 'ok' as const }));
  operation(app, 'ready', async () => {
    await answersInTime(deps);
    return { status: 'ready' as const };
  });
  operation(app, 'metrics', async ({ reply }) => {
    reply.type(metrics.contentType);
    return await metrics.metrics();
  });
}

/** Throws `store_unavailable`. */
async function answersInTime({ store, runtime }: Pick<ApiDeps, 'store' | 'runtime'>): Promise<void> {
  const over = new AbortController();
  const late = runtime.sleep(PATIENCE_MS, over.signal).then(() => {
    if (!over.signal.aborted) throw new MyelinError('store_unavailable', 'PostgreSQL did not answer within a second.');
  });
  try {
    await Promise.race([store.ping(), late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}
