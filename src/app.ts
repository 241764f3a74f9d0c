/** The composition root: config in, a running process out. The only place that sees every room. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabases } from './adapters/connections/databases.ts';
import { createMailer } from './adapters/connections/mailer.ts';
import { tableBroker } from './adapters/connections/table-broker.ts';
import { connectionTester } from './adapters/connections/tester.ts';
import { createEgress } from './adapters/egress/egress.ts';
import { startEmbeddedPostgres } from './adapters/embedded-postgres/embedded-postgres.ts';
import { createModels } from './adapters/models/models.ts';
import { scriptedModels } from './adapters/models/scripted.ts';
import { openPages } from './adapters/pages/pages.ts';
import { openPool } from './adapters/postgres/sql.ts';
import { openPostgresStore } from './adapters/postgres/store.ts';
import { systemRuntime } from './adapters/runtime/system.ts';
import { createSandbox } from './adapters/sandbox/sandbox.ts';
import { environmentSecrets } from './adapters/secrets/environment.ts';
import { readTemplates } from './adapters/templates/read-templates.ts';
import { createTools } from './adapters/tools/tools.ts';
import { createVault } from './adapters/vault/vault.ts';
import { createApi } from './api/api.ts';
import { closeApi } from './api/close.ts';
import type { Config } from './config/config.ts';
import { readCredentials, removeCredentials, writeCredentials } from './config/credentials.ts';
import type { Catalog } from './core/definition/validate.ts';
import { addFirstKey, newKey } from './engine/access-key.ts';
import { ConnectionDesk } from './engine/connections.ts';
import type { DependencySettings } from './engine/dependencies.ts';
import type { CallLimits } from './engine/dependency.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { EventSchemas } from './engine/event-schemas.ts';
import { armFailpoint } from './engine/failpoint.ts';
import { lateBroker } from './engine/late-broker.ts';
import { Redelivery } from './engine/redelivery.ts';
import type { Host } from './engine/rescuer.ts';
import { Senders } from './engine/senders.ts';
import { TokenHub } from './engine/token-hub.ts';
import { ABSENT, createNodeTypes } from './nodes/registry.ts';
import type { Broker, Brokers } from './ports/brokers.ts';
import type { Models } from './ports/model.ts';
import type { Runtime } from './ports/runtime.ts';
import type { Store } from './ports/store.ts';
import { triggerTypes } from './triggers/registry.ts';

export interface App {
  /** Where it listens. */
  readonly url: string;
  readonly store: Store;
  readonly engine: Engine;
  readonly runtime: Runtime;
  readonly catalog: Catalog;
  /** The owner's key, where this start made it: the first on this database. */
  readonly ownerKey: string | undefined;
  stop(): Promise<void>;
}

/** The folder of the program. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Open requests, and then tasks at work, get this long to end before they are cut off or given back. */
const DRAIN_MS = 10_000;
/** How long a server that others can reach says that it leaves, where no setting tells: two looks of most balancers. */
const NOTICE_MS = 5_000;

/** The types that workflows are made of, for programs that only check definitions. */
export function createCatalog(): Catalog {
  return { nodes: createNodeTypes(ABSENT), triggers: triggerTypes };
}

/** Resolves when the PostgreSQL at the address answers; rejects with what keeps it from that. */
export async function pingDatabase(url: string): Promise<void> {
  const pool = openPool(url, { max: 1 });
  try {
    await pool`select 1`;
  } finally {
    await pool.end();
  }
}

/** Starts everything the roles ask for. Throws `home_in_use`, `postgres_failed`, `schema_newer`, `config_refused`. */
export async function startApp(config: Config): Promise<App> {
  armFailpoint(config.crashAt);
  const runtime = systemRuntime(config.logLevel, config.mask);
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const store = await openPostgresStore(await databaseUrl(config, runtime, closing));
    closing.push(() => store.close());
    return await assemble(config, runtime, store, closing, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  config: Config,
  runtime: Runtime,
  store: Store,
  closing: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<App> {
  const loopback = isLoopback(config.host);
  const egress = createEgress({ allow: config.egressAllow, loopback });
  const databases = createDatabases(egress);
  const sandbox = createSandbox();
  const examples = fileURLToPath(new URL('../examples/', import.meta.url));
  const folders = [join(config.home, 'models'), join(examples, 'models')];
  const models = createModels({
    ...{ egress, runtime, settings: config.models },
    scripted: scriptedModels({ folders, sleep: runtime.sleep, now: runtime.now }),
    readBlob: async (projectId, hash) => {
      const file = await store.files.get(projectId, hash);
      return file && { bytes: file.data };
    },
  });
  const tools = createTools({ egress, settings: config.tools, secrets: config.secrets, log: runtime.log });
  closing.push(
    () => egress.close(),
    () => databases.stop(),
    () => sandbox.stop(),
    () => tools.stop(),
  );
  const tokens = new TokenHub({ store: store.tokens, runtime });
  const schemas = new EventSchemas({ store: store.eventSchemas, runtime });
  const brokers = brokersOf([
    lateBroker({ type: 'kafka', keepsOrder: true }, async () =>
      (await import('./adapters/kafka/kafka.ts')).kafkaBroker(egress),
    ),
    lateBroker({ type: 'nats' }, async () => (await import('./adapters/nats/nats.ts')).natsBroker(egress)),
    lateBroker({ type: 'rabbitmq' }, async () =>
      (await import('./adapters/rabbitmq/rabbitmq.ts')).rabbitmqBroker(egress),
    ),
    lateBroker({ type: 'redis' }, async () => (await import('./adapters/redis/redis.ts')).redisBroker(egress)),
    tableBroker(egress),
  ]);
  const senders = new Senders(brokers, runtime);
  closing.push(
    () => Promise.all([...brokers.values()].map((one) => one.close())),
    () => senders.close(),
  );
  const catalog: Catalog = {
    nodes: createNodeTypes({
      ...{ egress, databases, sandbox, publishers: senders, models, schemas, tools, tokens, store, runtime },
      mailer: createMailer(egress),
    }),
    triggers: triggerTypes,
  };
  const secrets = environmentSecrets(config.secrets);
  const connections = new ConnectionDesk({
    ...{ store, runtime },
    vault: createVault({ home: config.home, keys: config.masterKey }),
    tester: connectionTester(egress, runtime.now, brokers),
  });
  let publicUrl = config.publicUrl ?? addressOf({ port: config.port }, config.host);
  const engine = createEngine({
    store,
    runtime,
    secrets,
    connections,
    brokers,
    publishers: senders,
    polling: { egress, databases },
    nodeTypes: catalog.nodes,
    host: thisHost(),
    roles: config.roles,
    slots: config.workerSlots,
    taskConcurrency: config.taskConcurrency,
    commitBatch: config.commitBatch,
    leaseMs: config.leaseMs,
    dependencies: dependenciesOf(config, models),
    queueLimit: config.queueLimit,
    publicUrl: () => publicUrl,
    retention: config.retention,
    keepMessagesMs: config.keepMessagesMs,
    sessionIdleMs: config.sessionIdleMs,
    keepSessionsMs: config.keepSessionsMs,
    tokens,
    schemas,
  });
  const leaving = new AbortController();
  const api = await createApi({
    store,
    engine,
    catalog,
    models,
    tools,
    ...(config.roles.includes('api') && { pages: openPages({ root: ROOT, log: runtime.log, sleep: runtime.sleep }) }),
    secrets,
    connections,
    redelivery: new Redelivery({ store, connections, egress, plans: engine.plans, runtime }),
    runtime,
    templates: readTemplates(examples),
    roles: config.roles,
    loopback,
    publicUrl: () => publicUrl,
    leaving: leaving.signal,
    maxBodyBytes: config.maxBodyBytes,
  });
  closing.push(() => engine.stop(DRAIN_MS));
  await engine.start();
  const key = config.roles.includes('api') ? await ownerKey(store, runtime, config.home) : undefined;
  await api.listen({ port: config.port, host: config.host });
  closing.push(
    () => closeApi(api, runtime, DRAIN_MS),
    async () => {
      leaving.abort('leaving');
      await runtime.sleep(config.drainNoticeMs ?? (loopback ? 0 : NOTICE_MS));
    },
  );
  const url = addressOf(api.server.address(), config.host);
  publicUrl = config.publicUrl ?? url;
  if (key !== undefined) writeCredentials(config.home, { apiKey: key.apiKey, url });
  return { url, store, engine, runtime, catalog, ownerKey: key?.isNew ? key.apiKey : undefined, stop };
}

const brokersOf = (all: readonly Broker[]): Brokers => new Map(all.map((one) => [one.type, one]));

function dependenciesOf(config: Config, models: Models): DependencySettings {
  const { breakerThreshold: threshold, breakerWindowMs: windowMs, breakerResetMs: resetMs } = config;
  return {
    inFlight: config.dependencyLimit,
    latencyMs: config.dependencyLatencyMs,
    circuit: threshold === 0 ? undefined : { threshold, windowMs, resetMs },
    limitsOf: (name) => limitsOf(models, name),
  };
}

/** Of a model that is known; what else tasks depend on has none of its own. */
function limitsOf(models: Models, name: string): CallLimits | undefined {
  if (!name.startsWith('model:')) return undefined;
  try {
    return models.card(name.slice('model:'.length));
  } catch {
    return undefined;
  }
}

interface OwnerKey {
  readonly apiKey: string;
  readonly isNew: boolean;
}

/** Made on an empty database, by one process, before anybody can call; else the one that the home folder keeps, if it keeps one. */
async function ownerKey(store: Store, runtime: Runtime, home: string): Promise<OwnerKey | undefined> {
  if (await store.access.isEmpty()) {
    const apiKey = newKey();
    writeCredentials(home, { apiKey, url: '' });
    if (await addFirstKey(store.access, runtime, apiKey)) return { apiKey, isNew: true };
    // Another process was quicker, and keeps its key in its own folder.
    removeCredentials(home, apiKey);
  }
  const kept = readCredentials(home);
  // Without an address, the start that made the key came to nothing: nobody has seen it yet.
  return kept === undefined ? undefined : { apiKey: kept.apiKey, isNew: kept.url === '' };
}

/** The database of the setting, or one of our own in the home folder. */
async function databaseUrl(config: Config, runtime: Runtime, closing: (() => Promise<unknown>)[]): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const postgres = await startEmbeddedPostgres({ home: config.home, log: runtime.log });
  closing.push(() => postgres.stop());
  return postgres.url;
}

/** Processes of one name see each other's ids: the machine, and on Linux the namespace of process ids. */
function thisHost(): Host {
  return { name: `${hostname()}/${bootId()}/${namespace()}`, pid: process.pid, isAlive };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function addressOf(address: unknown, host: string): string {
  const port = typeof address === 'object' && address !== null && 'port' in address ? address.port : '';
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}
