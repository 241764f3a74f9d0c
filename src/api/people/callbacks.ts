/**
 * /callbacks/EXECUTION/TOKEN: where the outside answers an execution that waits. The token is checked before a byte
 * of the body is read and before anything is looked up; a wrong one and an unknown execution look the same.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ROUTES } from '../../contract/routes.ts';
import { MyelinError } from '../../core/errors.ts';
import { hasEnded } from '../../core/execution/index.ts';
import type { Graph } from '../../core/plan/plan.ts';
import { isUuid } from '../../core/uuid.ts';
import type { ApiDeps } from '../deps.ts';
import { routeSchema } from '../route-schema.ts';
import { sendAccepted } from '../webhook/answer.ts';
import { hiddenHeaders, readBody, readFields, readHeaders } from '../webhook/request.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The project of the execution that is called back; null before the token was found right. */
    calledBack: string | null;
  }
}

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

interface Params {
  readonly execution: string;
  readonly token: string;
  readonly node?: string;
}

const HIDDEN = hiddenHeaders({});
const EMPTY = Buffer.alloc(0);

export async function callbacks(scope: FastifyInstance, deps: Deps): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  scope.decorateRequest('calledBack', null);
  scope.addHook('onRequest', async (request) => {
    const { execution, token } = request.params as Params;
    if (isUuid(execution)) {
      request.calledBack = (await deps.engine.links.projectOfCallback(execution.toLowerCase(), token)) ?? null;
    }
    if (request.calledBack === null) throw notFound();
  });
  for (const id of ['callback', 'nodeCallback'] as const) {
    const route = ROUTES[id];
    scope.route({
      method: route.method,
      url: route.path,
      schema: routeSchema(id, route),
      config: { permission: 'public' },
      handler: async (request, reply) => {
        const { execution, node } = request.params as Params;
        await take(deps, request.calledBack as string, execution, node, answerOf(request, deps.runtime.now()));
        return sendAccepted(reply, execution);
      },
    });
  }
}

/** The same for all that is wrong: it says nothing of what exists. */
const notFound = () => new MyelinError('callback_not_found');

/** Throws `callback_not_found`, `callback_taken`, `illegal_transition`. */
async function take(
  { store, engine, runtime }: Deps,
  projectId: string,
  executionId: string,
  node: string | undefined,
  given: unknown,
): Promise<void> {
  const execution = await store.executions.get(projectId, executionId);
  if (execution === undefined) throw notFound();
  if (hasEnded(execution.status)) throw ended();
  const plan = await engine.plans.get(projectId, execution.workflowId, execution.version);
  const answer = plan.mask === null ? given : plan.mask.value(given);
  const place = await store.waits.callback(projectId, executionId, node);
  if (place.state === 'closed') throw new MyelinError('callback_taken');
  if (place.state === 'open') {
    const { waitId } = place;
    const [result] = await store.waits.answer([{ projectId, waitId, answer, final: true }], runtime.now());
    if (result === 'closed') throw new MyelinError('callback_taken');
    if (result !== 'taken') throw ended();
  } else {
    if (node !== undefined) {
      // Whoever has the token may know: kept for a node that will never wait, the answer would be lost without a word.
      if (!hasWait(plan.root, node))
        throw new MyelinError('callback_not_found', `No node ${node} waits for callbacks.`);
    }
    const signal = { type: 'callback', answer, ...(node !== undefined && { node }) } as const;
    if (!(await store.executions.post({ executionId, projectId, signal }))) throw ended();
  }
  engine.wake();
}

function hasWait({ nodes }: Graph, id: string): boolean {
  return nodes.some(
    (node) =>
      (node.id === id && node.type.type === 'wait') ||
      Object.values(node.bodies ?? {}).some((body) => hasWait(body, id)),
  );
}

const ended = () => new MyelinError('illegal_transition', 'The execution has ended; it takes no callback any more.');

/** What the node gets as `signal`. */
function answerOf({ url, method, headers, body }: FastifyRequest, now: number): object {
  const raw = Buffer.isBuffer(body) ? body : EMPTY;
  const query = url.indexOf('?');
  return {
    body: readBody(raw, headers['content-type']),
    headers: readHeaders(headers, HIDDEN),
    query: query === -1 ? {} : readFields(url.slice(query + 1)),
    method,
    at: new Date(now).toISOString(),
  };
}
