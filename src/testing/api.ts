/**
 * What tests of the API are made of: all parts of a server over the memory store, and a caller that holds every
 * answer against the contract. The API itself is put together by the test.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { connectionTester } from '../adapters/connections/tester.ts';
import { type Database, memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { createVault } from '../adapters/vault/vault.ts';
import { problemSchema } from '../contract/problem.ts';
import type { Route } from '../contract/route.ts';
import { type OperationId, ROUTES } from '../contract/routes.ts';
import type { Catalog } from '../core/definition/validate.ts';
import { hasEnded } from '../core/execution/index.ts';
import type { NodeType } from '../core/node-type.ts';
import { parseRetention } from '../core/retention.ts';
import { ConnectionDesk } from '../engine/connections.ts';
import type { DependencySettings } from '../engine/dependencies.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { EventSchemas } from '../engine/event-schemas.ts';
import { Redelivery } from '../engine/redelivery.ts';
import { TokenHub } from '../engine/token-hub.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { NewKey } from '../ports/access.ts';
import type { Models } from '../ports/model.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Secrets } from '../ports/secrets.ts';
import { DEFAULT_PROJECT, type ExecutionRow, type Store } from '../ports/store.ts';
import type { Template } from '../ports/templates.ts';
import type { Tokens } from '../ports/tokens.ts';
import type { Tools } from '../ports/tools.ts';
import { triggerTypes } from '../triggers/registry.ts';
import { testEgress } from './egress.ts';
import { aKey, newId, newName } from './factories.ts';
import { testModels } from './models.ts';

export interface ServerParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly models: Models;
  readonly tools: Tools;
  readonly secrets: Secrets;
  readonly connections: ConnectionDesk;
  readonly redelivery: Redelivery;
  readonly runtime: Runtime;
  readonly templates: readonly Template[];
  readonly roles: readonly string[];
  readonly loopback: boolean;
  readonly publicUrl: () => string;
  readonly leaving: AbortSignal;
  readonly maxBodyBytes: number;
}

export interface PartsOptions {
  /** Shared by servers that stand for processes on one PostgreSQL. */
  readonly database?: Database;
  /** Instead of one in memory. */
  readonly store?: Store;
  readonly roles?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
  /** Executions that may wait before webhooks are refused; default any number. */
  readonly queueLimit?: number;
  /** Default none. */
  readonly tools?: Tools;
  /** Default none. */
  readonly templates?: readonly Template[];
  /** How hosts and models are treated; default as if all were well. */
  readonly dependencies?: DependencySettings;
  /** Node types beside those there are. */
  readonly nodes?: (tokens: Tokens) => readonly NodeType[];
}

const ALL_ROLES = ['api', 'webhook', 'worker', 'scheduler'];

/** Not started: `engine.start()` and `engine.stop()` are the test's. */
export function serverParts(options: PartsOptions = {}): ServerParts {
  const { database = memoryDatabase(), roles = ALL_ROLES } = options;
  const runtime = systemRuntime('silent');
  const store = options.store ?? memoryStore(runtime, database);
  const models = testModels(() => Promise.reject(new Error('not in this test')));
  const tools = options.tools ?? ABSENT.tools;
  const tokens = new TokenHub({ store: store.tokens, runtime });
  const schemas = new EventSchemas({ store: store.eventSchemas, runtime });
  const known = createNodeTypes({ ...ABSENT, models, schemas, tools, tokens });
  const more = options.nodes?.(tokens) ?? [];
  const nodes = new Map([...known, ...more.map((type) => [type.type, type] as const)]);
  const secrets: Secrets = { get: async (_, name) => options.secrets?.[name] };
  const connections = new ConnectionDesk({
    ...{ store, runtime },
    vault: createVault({ home: '', keys: [{ version: 1, bytes: new Uint8Array(32).fill(7) }] }),
    tester: connectionTester(testEgress(), runtime.now),
  });
  const host = { name: 'test', pid: 1, isAlive: () => true };
  const retention = parseRetention('completed=30d,failed=90d,canceled=30d');
  const { queueLimit, dependencies } = options;
  const sizes = {
    slots: 1_000,
    taskConcurrency: 10,
    commitBatch: 100,
    leaseMs: 20_000,
    retention,
    tokens,
    schemas,
    ...(queueLimit !== undefined && { queueLimit }),
    ...(dependencies !== undefined && { dependencies }),
  };
  const engine = createEngine({ store, runtime, secrets, connections, nodeTypes: nodes, host, roles, ...sizes });
  const catalog = { nodes, triggers: triggerTypes };
  const leaving = new AbortController().signal;
  return {
    store,
    engine,
    catalog,
    models,
    tools,
    secrets,
    connections,
    redelivery: new Redelivery({ store, connections, egress: testEgress(), plans: engine.plans, runtime }),
    runtime,
    templates: options.templates ?? [],
    roles,
    loopback: false,
    publicUrl: () => 'http://127.0.0.1:4400',
    leaving,
    maxBodyBytes: 64 * 1024,
  };
}

/** A new key of the project. */
export async function newKey(
  { access }: Pick<Store, 'access'>,
  projectId: string = DEFAULT_PROJECT,
  over: Partial<NewKey> = {},
): Promise<string> {
  const secret = `key-${newId()}`;
  const hash = createHash('sha256').update(secret).digest('hex');
  const key = aKey({ projectId, hash, name: 'test', ...over });
  // The first one of a project has the plain name.
  const added = await access.addKey(key, Number.MAX_SAFE_INTEGER);
  if (added === 'taken') await access.addKey({ ...key, name: newName() }, Number.MAX_SAFE_INTEGER);
  return secret;
}

/** Resolves with the execution once the predicate holds; looks again whenever the engine of these parts commits. */
export async function execution(
  { store, engine }: Pick<ServerParts, 'store' | 'engine'>,
  id: string,
  is: (row: ExecutionRow) => boolean = (row) => hasEnded(row.status),
  projectId: string = DEFAULT_PROJECT,
): Promise<ExecutionRow> {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const stop = engine.outcomes.watch(id, () => {
        stop();
        resolve();
      });
    });
    const row = await store.executions.get(projectId, id);
    if (row !== undefined && is(row)) return row;
    await changed;
  }
}

export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  readonly body: any;
  readonly text: string;
}

/** As much of a Fastify server as a call needs. */
interface Injectable {
  inject(request: object): Promise<{ statusCode: number; headers: object; payload: string }>;
}

/** Calls an operation of the contract, and holds the answer against its schema: no field more, none less. */
export async function callApi(
  app: Injectable,
  key: string | null,
  id: OperationId,
  sent: Sent = {},
): Promise<Received> {
  const route: Route = ROUTES[id];
  const { params = {}, query, body } = sent;
  const url = route.path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(params[name] ?? 'missing'));
  const headers = { ...(key !== null && { authorization: `Bearer ${key}` }), ...sent.headers };
  const isText = typeof body === 'string';
  const payload = body === undefined ? {} : { payload: isText ? body : JSON.stringify(body) };
  const type = body === undefined || isText ? {} : { 'content-type': 'application/json' };
  const request = { method: route.method, url, query, headers: { ...type, ...headers }, ...payload };
  const { statusCode: status, headers: given, payload: text } = await app.inject(request);
  const received = { status, headers: given as Record<string, unknown>, body: parsed(text, given), text };
  holdAgainst(route, received);
  return received;
}

function parsed(text: string, headers: object): unknown {
  const type = (headers as Record<string, unknown>)['content-type'];
  return typeof type === 'string' && /[/+]json/.test(type) && text !== '' ? JSON.parse(text) : undefined;
}

function holdAgainst(route: Route, { status, headers, body }: Received): void {
  const isProblem = String(headers['content-type']).startsWith('application/problem+json');
  expect(isProblem, `${route.method} ${route.path} answered ${status}`).toBe(status >= 400);
  if (isProblem) return expect(problemSchema.strict().parse(body)).toEqual(body);
  expect(Object.keys(route.answers).map(Number)).toContain(status);
  const schema = route.answers[status]?.schema;
  if (schema !== undefined && body !== undefined) expect(schema.parse(body)).toEqual(body);
}
