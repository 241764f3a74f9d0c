/** Two processes on one PostgreSQL, and a real HTTP server that falls ill and gets well again. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEgress } from '../adapters/egress/egress.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { Definition } from '../core/definition/schema.ts';
import { hasEnded } from '../core/execution/index.ts';
import { createNodeTypes } from '../nodes/registry.ts';
import type { CircuitRow } from '../ports/breakers.ts';
import { DEFAULT_PROJECT, type ExecutionRow, type Store } from '../ports/store.ts';
import { newId, newName } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { silentTokens } from '../testing/speech.ts';
import { createEngine, type Engine } from './engine.ts';

const THRESHOLD = 4;
/** Long enough that the circuit is still open when the other process calls. */
const RESET_MS = 3_000;

let database: TestDatabase;
let target: Server;
let url: string;
/** What the target answers, and how often it was called. */
const answer = { status: 500, calls: 0 };

beforeAll(async () => {
  database = await testDatabase();
  target = createServer((_, response) => {
    answer.calls += 1;
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
});

afterAll(async () => {
  target.close();
  await database.drop();
});

interface Process {
  readonly store: Store;
  readonly engine: Engine;
  stop(): Promise<void>;
}

async function startProcess(): Promise<Process> {
  const runtime = systemRuntime('silent');
  const store = await openPostgresStore(database.url);
  const egress = createEgress({ allow: [], loopback: true });
  const absent = () => Promise.reject(new Error('not in this test'));
  const engine = createEngine({
    store,
    runtime,
    secrets: { get: async () => undefined },
    nodeTypes: createNodeTypes({
      egress,
      sandbox: { run: absent, stop: async () => undefined },
      models: { generate: absent },
      tokens: silentTokens,
    }),
    host: { name: newName(), pid: 1, isAlive: () => true },
    roles: ['worker', 'scheduler'],
    slots: 100,
    taskConcurrency: 10,
    commitBatch: 100,
    leaseMs: 20_000,
    dependencies: {
      inFlight: 8,
      latencyMs: undefined,
      circuit: { threshold: THRESHOLD, windowMs: 60_000, resetMs: RESET_MS },
    },
  });
  await engine.start();
  const stop = async () => {
    await engine.stop(1_000);
    await egress.close();
    await store.close();
  };
  return { store, engine, stop };
}

async function save(store: Store, retry: NonNullable<Definition['nodes'][number]['retry']>): Promise<string> {
  const id = newId();
  const definition: Definition = { name: newName(), nodes: [{ id: 'call', type: 'http', config: { url }, retry }] };
  const rest = { projectId: DEFAULT_PROJECT, status: 'active', triggers: [], now: Date.now() } as const;
  await store.workflows.create({ id, definition, ...rest });
  return id;
}

/** Starts an execution in this process, which keeps it. */
async function start({ engine }: Process, workflowId: string): Promise<string> {
  const start = { projectId: DEFAULT_PROJECT, workflowId, version: 1, triggerId: 'manual', trigger: {} };
  return (await engine.starter.start(start)).executionId;
}

/** Resolves with the execution when it has ended; looks again at each commit of these processes. */
async function ended(processes: readonly Process[], id: string): Promise<ExecutionRow> {
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const stops = processes.map(({ engine }) => engine.outcomes.watch(id, changed.resolve));
    const row = await processes[0]!.store.executions.get(DEFAULT_PROJECT, id);
    if (row === undefined || !hasEnded(row.status)) await changed.promise;
    for (const stop of stops) stop();
    if (row !== undefined && hasEnded(row.status)) return row;
  }
}

/** Resolves when the circuit is as told; this process tells what it saw meanwhile. */
async function circuitIs({ store, engine }: Process, state: string): Promise<CircuitRow> {
  for (;;) {
    const [row] = await store.breakers.list(DEFAULT_PROJECT);
    if (row?.state === state) return row;
    await engine.dependencies?.runOnce();
  }
}

test('a circuit opens after its failures, other processes see it, and a probe closes it', async () => {
  const [one, two] = [await startProcess(), await startProcess()];
  try {
    const once = await save(one.store, { attempts: 1 });
    const stubborn = await save(one.store, { attempts: 1, openCircuit: 'wait' });
    const hasty = await save(one.store, { attempts: 1, openCircuit: 'count' });

    // Closed: each failure is one of the target's.
    for (let i = 0; i < THRESHOLD; i++) {
      const failed = await ended([one], await start(one, once));
      expect(failed.error).toMatchObject({ code: 'http_server_error' });
    }
    expect(answer.calls).toBe(THRESHOLD);
    expect(await circuitIs(one, 'open')).toMatchObject({ failures: THRESHOLD, name: new URL(url).host });

    // Open, in the other process too, which has never called: nothing is sent.
    const refused = await ended([two], await start(two, hasty));
    expect(refused.error).toMatchObject({ code: 'circuit_open', data: { name: new URL(url).host } });
    expect(answer.calls).toBe(THRESHOLD);

    // An execution that waits for the circuit goes on when a probe finds the target well, with its only attempt.
    answer.status = 200;
    const waiting = await start(two, stubborn);
    await ended([one, two], waiting);
    const history = (await one.store.executions.histories([waiting])).get(waiting)!;
    expect(history.map((event) => event.type)).toContain('node.retrying');
    expect(history.at(-1)!.type).toBe('execution.completed');
    expect(answer.calls).toBe(THRESHOLD + 1);
    expect(await circuitIs(one, 'closed')).toMatchObject({ failures: 0 });

    // Closed again everywhere.
    for (const process of [one, two]) {
      expect(await ended([process], await start(process, once))).toMatchObject({ status: 'completed' });
    }
  } finally {
    await Promise.all([one.stop(), two.stop()]);
  }
});
