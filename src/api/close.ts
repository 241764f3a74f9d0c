/** Ends a server without a lost request: what is open gets its answer, nothing new is let in. */
import type { FastifyInstance } from 'fastify';
import type { Runtime } from '../ports/runtime.ts';

/** Between looks at connections on which nothing is asked any more. */
const LOOK_MS = 20;

/** Resolves when all connections have ended; those that are open after `limitMs` are cut. */
export async function closeApi(app: FastifyInstance, runtime: Runtime, limitMs: number): Promise<void> {
  const closed = new AbortController();
  const ended = app.close().finally(() => closed.abort('closed'));
  const until = runtime.now() + limitMs;
  // An answer that was under way may have left its connection open for the caller's next request.
  while (!closed.signal.aborted && runtime.now() < until) {
    app.server.closeIdleConnections();
    await runtime.sleep(LOOK_MS, closed.signal);
  }
  app.server.closeAllConnections();
  await ended;
}
