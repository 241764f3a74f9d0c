/**
 * How soon what a model says is at its readers: `node bench/tokens.ts`. Two servers in this process on one embedded
 * PostgreSQL, one that works and one that only reads; the clients are here too, so all figures include their cost.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { connectionTester } from '../src/adapters/connections/tester.ts';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/embedded-postgres.ts';
import { openPostgresStore } from '../src/adapters/postgres/store.ts';
import { systemRuntime } from '../src/adapters/runtime/system.ts';
import { createVault } from '../src/adapters/vault/vault.ts';
import { createApi } from '../src/api/api.ts';
import type { TaskNode } from '../src/core/node-type.ts';
import { addFirstKey } from '../src/engine/access-key.ts';
import { ConnectionDesk } from '../src/engine/connections.ts';
import { createEngine } from '../src/engine/engine.ts';
import { Redelivery } from '../src/engine/redelivery.ts';
import { TokenHub } from '../src/engine/token-hub.ts';
import { ABSENT } from '../src/nodes/registry.ts';
import { DEFAULT_PROJECT } from '../src/ports/store.ts';
import type { Tokens } from '../src/ports/tokens.ts';
import { testEgress } from '../src/testing/egress.ts';
import { triggerTypes } from '../src/triggers/registry.ts';
import { figure, formatSection, type Section } from './figure.ts';
import { describeMachine } from './machine.ts';

const STREAMS = 500;
const AT_ONCE = 200;
const TOKENS_PER_SECOND = 50;
const SECONDS = 10;
const KEY = 'bench-key';

/** When the first piece of an execution was written, in milliseconds of `performance.now`. */
const written = new Map<string, number>();
/** Lets the call of an execution begin to speak. */
const go = new Map<string, PromiseWithResolvers<void>>();
const gate = (id: string) => {
  const known = go.get(id) ?? Promise.withResolvers<void>();
  go.set(id, known);
  return known;
};

/** Says `count` pieces, `everyMs` apart. */
function speaker(tokens: Tokens): TaskNode<{ count: number; everyMs: number }> {
  return {
    type: 'speak',
    version: 1,
    description: 'Speaks for the benchmark.',
    example: { count: 1, everyMs: 0 },
    config: z.strictObject({ count: z.number(), everyMs: z.number() }),
    ports: () => ['out'],
    effect: () => 'read',
    streams: true,
    run: async ({ count, everyMs }, task) => {
      const writer = tokens.open(task);
      await gate(task.executionId).promise;
      const begun = performance.now();
      written.set(task.executionId, begun);
      let text = '';
      for (let index = 0; index < count; index += 1) {
        writer.write('token ');
        text += 'token ';
        await sleep(Math.max(0, begun + (index + 1) * everyMs - performance.now()));
      }
      writer.close();
      return { output: { text } };
    },
  };
}

async function serve(url: string, roles: readonly string[]) {
  const runtime = systemRuntime('warn');
  const store = await openPostgresStore(url);
  const hub = new TokenHub({ store: store.tokens, runtime });
  const nodes = new Map([['speak', speaker(hub)]]);
  const secrets = { get: async () => undefined };
  const engine = createEngine({
    ...{ store, runtime, secrets, nodeTypes: nodes, roles, tokens: hub },
    host: { name: 'bench', pid: process.pid, isAlive: () => true },
    ...{ slots: 2_000, taskConcurrency: 1_000, commitBatch: 500, leaseMs: 20_000 },
  });
  const connections = new ConnectionDesk({
    ...{ store, runtime, vault: createVault({ home: '', keys: [] }) },
    tester: connectionTester(testEgress(), runtime.now),
  });
  const redelivery = new Redelivery({ store, connections, egress: testEgress(), plans: engine.plans, runtime });
  await engine.start();
  const app = await createApi({
    ...{ store, engine, secrets, connections, redelivery, runtime, roles, catalog: { nodes, triggers: triggerTypes } },
    ...{
      models: ABSENT.models,
      tools: ABSENT.tools,
      loopback: true,
      publicUrl: () => '',
      leaving: new AbortController().signal,
      templates: [],
      maxBodyBytes: 1_000_000,
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const stop = async () => {
    app.server.closeAllConnections();
    await app.close();
    await engine.stop(0);
    await store.close();
  };
  return { url: address, store, engine, runtime, stop };
}
type Server = Awaited<ReturnType<typeof serve>>;

/** Opens the stream of an execution; `first` has when its first token came, `ended` how many pieces in all. */
async function read(server: Server, id: string) {
  const headers = { authorization: `Bearer ${KEY}` };
  const first = Promise.withResolvers<number>();
  const hello = Promise.withResolvers<void>();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${server.url}/api/executions/${id}/stream`, { headers, agent: false }, resolve).on('error', reject);
  });
  let pieces = 0;
  answer.setEncoding('utf8');
  const ended = new Promise<number>((resolve) => {
    answer.on('data', (text: string) => {
      const now = performance.now();
      hello.resolve();
      if (!text.includes('event: token')) return;
      first.resolve(now);
      pieces += text.split('token "').length - 1;
    });
    answer.on('close', () => resolve(pieces));
  });
  await hello.promise;
  return { first: first.promise, ended, stop: () => answer.destroy() };
}

async function start(server: Server, count: number, everyMs: number) {
  const name = `bench-${count}-${everyMs}`;
  const { workflows } = server.store;
  const now = Date.now();
  const config = { count, everyMs };
  const workflow =
    (await workflows.get(DEFAULT_PROJECT, name)) ??
    (await workflows.create({
      ...{ id: server.runtime.id(), projectId: DEFAULT_PROJECT, status: 'active', triggers: [], now },
      definition: { name, nodes: [{ id: 'ask', type: 'speak', config }] },
    }));
  const key = { projectId: DEFAULT_PROJECT, workflowId: workflow.id, version: 1, triggerId: 'api', trigger: {} };
  return (await server.engine.starter.start(key)).executionId;
}

/** Milliseconds from the first `write` to the client, one stream after the other. */
async function firstTokens(maker: Server, reader: Server): Promise<number[]> {
  const times: number[] = [];
  for (let number = -50; number < STREAMS; number += 1) {
    const id = await start(maker, 3, 5);
    const { first, stop } = await read(reader, id);
    // It goes on only when the reader knows of the call, as with a model that thinks first.
    await sleep(5);
    gate(id).resolve();
    const time = (await first) - written.get(id)!;
    if (number >= 0) times.push(time);
    stop();
    go.delete(id);
  }
  return times.sort((a, b) => a - b);
}

/** CPU milliseconds of this process for each second of 200 streams. */
async function load(maker: Server, reader: Server | undefined) {
  const ids: string[] = [];
  for (let number = 0; number < AT_ONCE; number += 1) {
    ids.push(await start(maker, TOKENS_PER_SECOND * SECONDS, 1_000 / TOKENS_PER_SECOND));
  }
  const readings = reader === undefined ? [] : await Promise.all(ids.map((id) => read(reader, id)));
  const before = process.cpuUsage();
  const begun = performance.now();
  for (const id of ids) gate(id).resolve();
  const firsts = await Promise.all(readings.map(async ({ first }, index) => (await first) - written.get(ids[index]!)!));
  await sleep(begun + SECONDS * 1_000 - performance.now());
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begun) / 1_000;
  await Promise.all(readings.map(({ ended }) => ended));
  await sleep(1_000);
  return { cpu: (user + system) / 1_000 / seconds, firsts: firsts.sort((a, b) => a - b) };
}

const at = (sorted: readonly number[], share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;

const home = mkdtempSync(join(tmpdir(), 'myelin-tokens-'));
const postgres = await startEmbeddedPostgres({ home, log: systemRuntime('warn').log });
const maker = await serve(postgres.url, ['api', 'worker', 'scheduler']);
const other = await serve(postgres.url, ['api']);
try {
  await addFirstKey(maker.store.access, maker.runtime, KEY);
  const near = await firstTokens(maker, maker);
  const far = await firstTokens(maker, other);
  const [alone, same, across] = [await load(maker, undefined), await load(maker, maker), await load(maker, other)];
  const below = { below: 10 };
  const section: Section = {
    id: 'tokens',
    title: `from a model to its readers, ${STREAMS} streams`,
    figures: [
      figure('first token, same process: p50', at(near, 0.5), 'ms'),
      figure('first token, same process: p99', at(near, 0.99), 'ms', below),
      figure('first token, other process: p50', at(far, 0.5), 'ms'),
      figure('first token, other process: p99', at(far, 0.99), 'ms', below),
      figure('200 calls of 50 tokens/s, no reader', alone.cpu, 'CPU ms/s'),
      figure('200 streams read, same process', same.cpu, 'CPU ms/s'),
      figure('200 streams read, other process', across.cpu, 'CPU ms/s'),
      figure('200 at once, same process: first p99', at(same.firsts, 0.99), 'ms'),
      figure('200 at once, other process: first p99', at(across.firsts, 0.99), 'ms'),
    ],
  };
  process.stdout.write(formatSection(section));
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  const machine = describeMachine();
  const file = new URL(`results/${machine.date.slice(0, 10)}-tokens.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify({ machine, sections: [section] }, null, 2)}\n`);
} finally {
  await other.stop();
  await maker.stop();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}
