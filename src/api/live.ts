/** /api/live: what changes in a project; and that what the API itself changes is told there. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import type { Topic } from '../core/topics.ts';
import type { Access } from './access.ts';
import type { ApiDeps } from './deps.ts';
import { LiveStream } from './live-stream.ts';
import { operation } from './operation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a success changes. */
    topics?: readonly Topic[];
  }
}

type Deps = Pick<ApiDeps, 'engine' | 'runtime'>;

/** Of one project, at this process. */
const MOST_STREAMS = 500;
/** After it one that found no room may try again. */
const FULL_MS = 30_000;

/** Before any route: what succeeds is told to those who look. */
export function tellChanges(app: FastifyInstance, { engine }: Deps): void {
  app.addHook('onResponse', (request, { statusCode }, done) => {
    const { topics } = request.routeOptions.config;
    if (topics !== undefined && statusCode < 300) engine.changes.touch(request.caller.projectId, topics);
    done();
  });
}

export function live(app: FastifyInstance, { engine, runtime }: Deps, access: Access, closing: AbortSignal): void {
  operation(app, 'followChanges', async ({ projectId, request, reply }) => {
    await engine.live.listen();
    if (engine.live.readers(projectId) >= MOST_STREAMS) {
      const detail = `${MOST_STREAMS} streams of the project are open at this server; close some.`;
      throw new MyelinError('rate_limited', detail, { retryAfterMs: FULL_MS });
    }
    reply.hijack();
    const stream = new LiveStream(reply.raw, runtime);
    const stop = engine.live.follow(projectId, (change) => stream.tell(change));
    const { expiresAt } = request.caller;
    try {
      await stream.run(closing, { expiresAt, isLetIn: () => isLetIn(access, request) });
    } finally {
      stop();
      reply.raw.end();
    }
    return undefined;
  });
}

/** Whoever was, and of whom the store cannot say otherwise. */
async function isLetIn(access: Access, { headers, caller }: FastifyRequest): Promise<boolean> {
  try {
    return (await access.callerOf(headers)).projectId === caller.projectId;
  } catch (error) {
    return !(error instanceof MyelinError && error.code === 'unauthorized');
  }
}
