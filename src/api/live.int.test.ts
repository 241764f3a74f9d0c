/** Two servers on one PostgreSQL: what is changed at one is told at the other, over cuts, and to its project only. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openPool, type Pool } from '../adapters/postgres/sql.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { createClient, type LiveEvent } from '../sdk/index.ts';
import { newKey, type ServerParts, serverParts } from '../testing/api.ts';
import { definition, endedCreation, newId, newName } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { createApi } from './api.ts';

interface Server {
  readonly parts: ServerParts;
  readonly app: FastifyInstance;
  readonly url: string;
  stop(): Promise<void>;
}

let database: TestDatabase;
let key: string;
/** Makes changes. */
let writer: Server;
/** Has no worker: whatever it tells comes from elsewhere. */
let reader: Server;
const opened: Live[] = [];

async function serve(roles: readonly string[]): Promise<Server> {
  const store = await openPostgresStore(database.url);
  const parts = serverParts({ store, roles });
  await parts.engine.start();
  const app = await createApi(parts);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const stop = async () => {
    app.server.closeAllConnections();
    await app.close();
    await parts.engine.stop(0);
    await store.close();
  };
  return { parts, app, url, stop };
}

beforeAll(async () => {
  database = await testDatabase();
  writer = await serve(['api', 'worker', 'scheduler']);
  reader = await serve(['api']);
  key = await newKey(writer.parts.store);
});

afterEach(() => {
  for (const one of opened.splice(0)) one.stop();
});

afterAll(async () => {
  await reader.stop();
  await writer.stop();
  await database.drop();
});

/** In the database, as another program. */
async function inDatabase<T>(work: (sql: Pool) => Promise<T>): Promise<T> {
  const sql = openPool(database.url, { max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** Of a project of its own. */
async function project(): Promise<{ projectId: string; apiKey: string }> {
  const projectId = newId();
  await inDatabase(async (sql) => await sql`insert into projects (id, name) values (${projectId}, ${projectId})`);
  return { projectId, apiKey: await newKey(writer.parts.store, projectId) };
}

/** A page that is open. */
class Live {
  readonly events: LiveEvent[] = [];
  readonly #stream: AsyncGenerator<LiveEvent>;
  readonly #stop = new AbortController();

  constructor({ url }: Server, apiKey: string) {
    this.#stream = createClient({ url, apiKey }).live({ delay: 1, signal: this.#stop.signal });
    opened.push(this);
  }

  /** Reads on until something comes that fits. */
  async until(fits: (event: LiveEvent) => boolean): Promise<LiveEvent> {
    for (;;) {
      const { value, done } = await this.#stream.next();
      if (done === true) throw new Error('The stream ended.');
      this.events.push(value);
      if (fits(value)) return value;
    }
  }

  stop(): void {
    this.#stop.abort(new Error('enough'));
    this.#stream.next().catch(() => undefined);
  }
}

const isSync = ({ type }: LiveEvent) => type === 'sync';
const tells = (topic: string) => (event: LiveEvent) =>
  event.type === 'changed' && (event.topics as string[]).includes(topic);

/** Open, and told to read what there is. */
async function live(at: Server, apiKey = key): Promise<Live> {
  const page = new Live(at, apiKey);
  await page.until(isSync);
  return page;
}

async function workflow(over: object = {}): Promise<string> {
  const document = definition(newName(), over);
  const saved = await createClient({ url: writer.url, apiKey: key }).workflows.create(document, { activate: true });
  return saved.id;
}

test.each([
  ['the same', () => writer],
  ['another', () => reader],
])('what the API changes is told by %s process', async (_, at) => {
  const page = await live(at());
  await workflow();
  await page.until(tells('workflows'));
  await createClient({ url: writer.url, apiKey: key }).prompts.save(newName(), { text: 'x' });
  await page.until(tells('prompts'));
});

test('what an execution does is told by another process, with its workflow and its last status', async () => {
  const workflowId = await workflow();
  const page = await live(reader);
  const id = await createClient({ url: writer.url, apiKey: key }).workflows.execute(workflowId, {});
  const hasEnded = (event: LiveEvent) =>
    event.type === 'changed' && event.executions.some((one) => one.id === id && one.status === 'completed');
  const told = await page.until(hasEnded);
  expect(told.type === 'changed' && told.executions).toEqual([{ id, workflowId, status: 'completed' }]);
});

test('a person who is asked, and what was answered', async () => {
  const ask = { nodes: [{ id: 'ask', type: 'approval', config: { title: 'Sure?' } }] };
  const workflowId = await workflow(ask);
  const page = await live(reader);
  const { workflows, approvals } = createClient({ url: writer.url, apiKey: key });
  await workflows.execute(workflowId, {});
  await page.until(tells('approvals'));
  const [asked] = (await approvals.list({ workflow: workflowId })).items;
  await approvals.decide(asked?.id ?? '', { decision: 'approved', by: 'ada' });
  await page.until(tells('approvals'));
});

test('a failure for good, and its letter', async () => {
  const workflowId = await workflow({ nodes: [{ id: 'a', type: 'fail', config: { message: 'no' } }] });
  const page = await live(reader);
  await createClient({ url: writer.url, apiKey: key }).workflows.execute(workflowId, {});
  await page.until(tells('dead-letters'));
});

test('a session is told when its read models have it', async () => {
  const page = await live(reader);
  const { sessions } = createClient({ url: writer.url, apiKey: key });
  const { id } = await sessions.start({ agent: 'desk', key: newName() });
  const isThere = async () => (await sessions.list({ limit: 200 })).items.some((one) => one.id === id);
  do await page.until(tells('sessions'));
  while (!(await isThere()));
});

test('a project hears nothing of another', async () => {
  const { projectId, apiKey } = await project();
  const stranger = await live(reader, apiKey);
  const page = await live(reader);
  await workflow();
  await page.until(tells('workflows'));
  // Told after it, through the same channel.
  writer.parts.engine.changes.touch(projectId, ['prompts']);
  await stranger.until(tells('prompts'));
  expect(stranger.events.map(({ type }) => type)).toEqual(['sync', 'changed']);
  expect(stranger.events.at(-1)).toEqual({ type: 'changed', topics: ['prompts'], executions: [] });
});

test('more executions than a frame holds are told by their topic', async () => {
  const { projectId, apiKey } = await project();
  const page = await live(reader, apiKey);
  const commits = Array.from({ length: 150 }, () => endedCreation({ projectId }));
  await writer.parts.engine.committer.commitAll(commits);
  const told = await page.until(tells('executions'));
  expect(told).toMatchObject({ more: true });
  expect(told.type === 'changed' && told.executions.length).toBeLessThanOrEqual(100);
});

test('after its connection was cut a process tells its readers to read all again, and hears on', async () => {
  const page = await live(reader);
  const cut = await inDatabase(
    async (sql) =>
      await sql`
      select pg_terminate_backend(pid) as cut from pg_stat_activity
       where datname = current_database() and query = 'listen myelin_live'`,
  );
  expect(cut.length).toBeGreaterThan(0);
  await page.until(isSync);
  await workflow();
  await page.until(tells('workflows'));
});

test('a process that died may have told less than it did: everybody reads all again', async () => {
  const page = await live(reader);
  writer.parts.engine.changes.missed();
  await page.until(isSync);
});

test('a server that leaves ends its streams', async () => {
  const leaving = await serve(['api']);
  const answer = await fetch(`${leaving.url}/api/live`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const text = answer.text();
  await leaving.app.close();
  expect(await text).toBe('event: sync\ndata: {"type":"sync"}\n\n');
  await leaving.stop();
});

test('a stream ends with the sign-in by which it was opened', async () => {
  const { parts } = reader;
  const pauses: (() => void)[] = [];
  const sleep: typeof parts.runtime.sleep = async (ms, signal) => {
    if (ms !== 15_000) return await parts.runtime.sleep(ms, signal);
    await new Promise<void>((resolve) => pauses.push(resolve));
  };
  const app = await createApi({ ...parts, runtime: { ...parts.runtime, sleep } });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key }) };
    const signedIn = await fetch(`${url}/api/sign-in`, post);
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const text = (await fetch(`${url}/api/live`, { headers })).text();
    expect((await fetch(`${url}/api/sign-in`, { method: 'DELETE', headers })).status).toBe(204);
    for (const pass of pauses) pass();
    expect(await text).toBe('event: sync\ndata: {"type":"sync"}\n\n');
  } finally {
    app.server.closeAllConnections();
    await app.close();
  }
});

test('a project has no more than so many streams at a server', async () => {
  const { apiKey, projectId } = await project();
  const { live: board } = reader.parts.engine;
  const stops = Array.from({ length: 500 }, () => board.follow(projectId, () => undefined));
  const open = async () => {
    const answer = await fetch(`${reader.url}/api/live`, { headers: { authorization: `Bearer ${apiKey}` } });
    await answer.body?.cancel();
    return [answer.status, answer.headers.get('retry-after')];
  };
  expect(await open()).toEqual([429, '30']);
  stops[0]?.();
  expect(await open()).toEqual([200, null]);
  for (const stop of stops) stop();
});
