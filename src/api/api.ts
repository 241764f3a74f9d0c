/**
 * The HTTP server, put together: one plugin for each resource, and around them what all share: who may call what,
 * how bodies are read, how errors look. There are no rules of the product here.
 */
import { type FastifyInstance, fastify } from 'fastify';
import type { Access } from './access.ts';
import { blobs } from './blobs.ts';
import { parseBodies } from './bodies.ts';
import { breakers } from './breakers.ts';
import { bulkControl } from './bulk-control.ts';
import { catalog } from './catalog.ts';
import { connections } from './connections.ts';
import { control } from './control.ts';
import { deadLetters } from './dead-letters.ts';
import { deliveries } from './deliveries.ts';
import type { ApiDeps } from './deps.ts';
import { eventFeed } from './event-feed.ts';
import { events } from './events/events.ts';
import { eventGroups } from './events/groups.ts';
import { eventLog } from './events/log.ts';
import { replays } from './events/replays.ts';
import { eventSchemas } from './events/schemas.ts';
import { execute } from './execute.ts';
import { executionNodes } from './execution-nodes.ts';
import { executions } from './executions.ts';
import { flow } from './flow.ts';
import { guard } from './guard.ts';
import { health } from './health.ts';
import { keys } from './keys.ts';
import { ledger } from './ledger.ts';
import { live, tellChanges } from './live.ts';
import { mcp } from './mcp/mcp.ts';
import { models } from './models.ts';
import { collectRoutes, serveDocs } from './openapi.ts';
import { pages } from './pages.ts';
import { approvals } from './people/approvals.ts';
import { callbackAddress } from './people/callback-address.ts';
import { callbacks } from './people/callbacks.ts';
import { approvalLinks } from './people/links.ts';
import { answerErrors } from './problems.ts';
import { projections } from './projections.ts';
import { prompts } from './prompts.ts';
import { retention } from './retention.ts';
import { sessions } from './sessions.ts';
import { signIn } from './sign-in/sign-in.ts';
import { stats } from './stats.ts';
import { templates } from './templates.ts';
import { testWorkflow } from './test-workflow.ts';
import { tools } from './tools.ts';
import { triggers } from './triggers.ts';
import { versions } from './versions.ts';
import { Registrations } from './webhook/registrations.ts';
import { webhooks } from './webhook/webhooks.ts';
import { workflows } from './workflows.ts';

export type { ApiDeps } from './deps.ts';

/** Longest time that a caller may take to send a request: slow senders hold no connection. */
const REQUEST_TIMEOUT_MS = 60_000;
/** A server that is ready and listens nowhere yet. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: deps.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    // Who asks on a connection that is still open gets an answer, and is told to close it.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 300 },
  });
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  // The contract checks what comes in and the compiler what goes out; the framework has nothing to add.
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(() => JSON.stringify);
  app.addHook('onSend', (_, reply, payload, done) => {
    if (deps.leaving.aborted) reply.header('connection', 'close');
    done(null, payload);
  });
  const access = guard(app, deps);
  tellChanges(app, deps);
  answerErrors(app, deps.runtime.log, deps.pages);
  parseBodies(app);
  await collectRoutes(app);
  health(app, deps);
  const registrations = new Registrations(deps.store.workflows, deps.secrets, deps.runtime);
  if (deps.roles.includes('api')) {
    signIn(app, deps, access);
    await serveApi(app, deps, access, registrations, closing.signal);
  }
  if (deps.roles.includes('webhook')) {
    await app.register((scope) => webhooks(scope, deps, registrations, closing.signal));
    await app.register((scope) => callbacks(scope, deps));
    await app.register((scope) => approvalLinks(scope, deps));
  }
  await app.ready();
  return app;
}

async function serveApi(
  app: FastifyInstance,
  deps: ApiDeps,
  access: Access,
  registrations: Registrations,
  closing: AbortSignal,
): Promise<void> {
  const changed = async () => {
    registrations.forget();
    // Other processes hear of it within a second; so does this one, should it fail here.
    if (deps.engine.worker !== undefined) await deps.engine.followUps.refresh().catch(() => undefined);
  };
  workflows(app, deps, changed);
  versions(app, deps, changed);
  triggers(app, deps, changed);
  execute(app, deps);
  testWorkflow(app, deps);
  deadLetters(app, deps);
  retention(app, deps);
  executions(app, deps, closing);
  executionNodes(app, deps);
  flow(app, deps);
  ledger(app, deps);
  live(app, deps, access, closing);
  stats(app, deps);
  control(app, deps);
  bulkControl(app, deps);
  approvals(app, deps);
  callbackAddress(app, deps);
  await app.register((scope) => events(scope, deps));
  eventLog(app, deps);
  eventGroups(app, deps);
  replays(app, deps);
  eventSchemas(app, deps);
  await app.register((scope) => blobs(scope, deps.store.files, deps.maxBodyBytes));
  prompts(app, deps);
  connections(app, deps);
  keys(app, deps, access);
  eventFeed(app, deps);
  deliveries(app, deps);
  await app.register((scope) => mcp(scope, deps, closing));
  sessions(app, deps);
  projections(app, deps, closing);
  breakers(app, deps.store.breakers);
  models(app, deps.models);
  catalog(app, deps.catalog);
  templates(app, deps.templates);
  tools(app, deps.tools, closing);
  await serveDocs(app);
  if (deps.pages !== undefined) await pages(app, deps.pages);
}
