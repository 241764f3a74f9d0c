/** /api/live: what changes in a project; and that what the API itself changes is told there. */
import type { FastifyInstance } from 'fastify';
import type { Topic } from '../core/topics.ts';
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

/** Before any route: what succeeds is told to those who look. */
export function tellChanges(app: FastifyInstance, { engine }: Deps): void {
  app.addHook('onResponse', (request, { statusCode }, done) => {
    const { topics } = request.routeOptions.config;
    if (topics !== undefined && statusCode < 300) engine.changes.touch(request.caller.projectId, topics);
    done();
  });
}

export function live(app: FastifyInstance, { engine, runtime }: Deps, closing: AbortSignal): void {
  operation(app, 'followChanges', async ({ projectId, reply }) => {
    await engine.live.listen();
    reply.hijack();
    const stream = new LiveStream(reply.raw, runtime);
    const stop = engine.live.follow(projectId, (change) => stream.tell(change));
    try {
      await stream.run(closing);
    } finally {
      stop();
      reply.raw.end();
    }
    return undefined;
  });
}
