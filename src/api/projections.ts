/** Makes a read model anew; the answer is lines of JSON, as it goes on. */
import type { FastifyInstance } from 'fastify';
import { REBUILD_TYPE } from '../contract/session-routes.ts';
import type { RebuildLine } from '../contract/sessions.ts';
import { SESSION_FOLDS } from '../projections/sessions.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';

const HEADERS = {
  'content-type': `${REBUILD_TYPE}; charset=utf-8`,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
};

/** `closing` fires when the server stops: it breaks off then, and can be begun again. */
export function projections(
  app: FastifyInstance,
  deps: Pick<ApiDeps, 'store' | 'runtime'>,
  closing: AbortSignal,
): void {
  operation(app, 'rebuildProjection', async ({ projectId, params: { name }, reply }) => {
    reply.hijack();
    const { raw } = reply;
    const gone = new AbortController();
    raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing]);
    raw.writeHead(200, HEADERS);
    let last = { done: 0, of: 0 };
    const tell = (line: RebuildLine) => raw.write(`${JSON.stringify(line)}\n`);
    try {
      const progress = (done: number, of: number) => {
        last = { done, of };
        // A reader that is slow is told less often.
        if (!raw.writableNeedDrain) tell({ ...last, finished: false });
      };
      await deps.store.sessions.rebuild(projectId, name, SESSION_FOLDS, progress, signal);
      if (!signal.aborted) tell({ ...last, finished: true });
    } catch (error) {
      deps.runtime.log.error({ projection: name, error: String(error) }, 'a projection could not be made anew');
    } finally {
      raw.end();
    }
    return '';
  });
}
