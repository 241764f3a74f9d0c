/** Two servers on one PostgreSQL: what is said at one is read at the other, over cuts, restarts and slow readers. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { createClient, type StreamEvent } from '../sdk/index.ts';
import { newKey, type ServerParts, serverParts } from '../testing/api.ts';
import { definition, newId, newName } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { Speech } from '../testing/speech.ts';
import { createApi } from './api.ts';

interface Server {
  readonly parts: ServerParts;
  readonly app: FastifyInstance;
  readonly url: string;
  stop(): Promise<void>;
}

const speech = new Speech();
let database: TestDatabase;
let key: string;
let writer: Server;
let reader: Server;
const opened: Server[] = [];

async function serve(roles: readonly string[], on = database): Promise<Server> {
  const store = await openPostgresStore(on.url);
  const parts = serverParts({ store, roles, nodes: (tokens) => [speech.nodeOver(tokens)] });
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
  const server = { parts, app, url, stop };
  opened.push(server);
  return server;
}

async function stop(server: Server): Promise<void> {
  opened.splice(opened.indexOf(server), 1);
  await server.stop();
}

beforeAll(async () => {
  database = await testDatabase();
  writer = await serve(['api', 'worker', 'scheduler']);
  reader = await serve(['api']);
  key = await newKey(writer.parts.store);
});

afterEach(async () => {
  for (const server of opened.filter((one) => one !== writer && one !== reader)) await stop(server);
});

afterAll(async () => {
  for (const server of [...opened]) await stop(server);
  await database.drop();
});

const SPEAK = { id: 'ask', type: 'speak', config: {}, retry: { attempts: 3, delay: '1ms', backoff: 'fixed' as const } };

/** Starts a workflow of these nodes, one after the other; the id of the execution. */
async function begin(...nodes: (typeof SPEAK)[]): Promise<string> {
  return beginAt(writer, key, nodes);
}

async function beginAt({ app, url }: Server, apiKey: string, nodes: (typeof SPEAK)[]): Promise<string> {
  const edges = nodes.slice(1).map(({ id }, index) => `${nodes[index]?.id} -> ${id}`);
  const document = definition(newName(), { nodes, edges });
  const saved = await app.inject({
    ...{ method: 'POST', url: '/api/workflows?activate=true', payload: document },
    headers: { authorization: `Bearer ${apiKey}` },
  });
  expect(saved.statusCode, saved.payload).toBe(201);
  return createClient({ url, apiKey }).workflows.execute(saved.json().id, {});
}

const short = (event: StreamEvent): string => {
  if (event.type === 'token') return `${event.path}+${event.text}`;
  if (event.type === 'end') return `end ${event.status}`;
  return event.type === 'reset' ? `${event.path}!` : `${event.path}:${event.state}`;
};

interface ReadingOptions {
  readonly from?: 'start';
  readonly after?: string;
  readonly apiKey?: string;
}

/** Reads one after the other, and joins what comes of one text. */
class Reading {
  readonly events: StreamEvent[] = [];
  readonly #stream: AsyncGenerator<StreamEvent>;
  readonly #stop = new AbortController();

  constructor({ url }: Server, id: string, { apiKey = key, ...options }: ReadingOptions = {}) {
    const { executions } = createClient({ url, apiKey });
    this.#stream = executions.stream(id, { delay: 1, signal: this.#stop.signal, ...options });
  }

  get text(): string {
    return this.events.map((event) => (event.type === 'token' ? event.text : '')).join('');
  }

  get last(): string {
    return this.events.at(-1)?.id ?? '';
  }

  /** Reads on until this holds; throws where the stream ends before. */
  async until(is: (reading: this) => boolean): Promise<this> {
    while (!is(this)) {
      const next = await this.#stream.next();
      if (next.done) throw new Error(`The stream ended after ${this.events.map(short).join(', ')}`);
      this.events.push(next.value);
    }
    return this;
  }

  async toEnd(): Promise<string[]> {
    for await (const event of this.#stream) this.events.push(event);
    return this.shorts();
  }

  shorts(): string[] {
    const joined: string[] = [];
    for (const [index, event] of this.events.entries()) {
      const before = this.events[index - 1];
      const goesOn = event.type === 'token' && before?.type === 'token' && before.path === event.path;
      if (goesOn) joined[joined.length - 1] += event.text;
      else joined.push(short(event));
    }
    return joined;
  }

  stop(): void {
    this.#stop.abort(new Error('enough'));
  }
}

test('what is said at one server is read at both, each piece once, from its beginning', async () => {
  const id = await begin(SPEAK);
  const spoken = await speech.next();
  spoken.say('Hel');
  const [near, far] = [new Reading(writer, id), new Reading(reader, id)];
  for (const reading of [near, far]) await reading.until(({ text }) => text === 'Hel');
  for (const piece of ['lo \ud83d', '\ude00', '!']) spoken.say(piece);
  for (const reading of [near, far]) await reading.until(({ text }) => text === 'Hello \u{1f600}!');
  spoken.say(' Bye');
  spoken.end();
  const all = ['ask:started', 'ask+Hello \u{1f600}! Bye', 'ask:completed', 'end completed'];
  expect(await near.toEnd()).toEqual(all);
  expect(await far.toEnd()).toEqual(all);
  expect(far.events.find(({ type }) => type === 'call')).toMatchObject({ path: 'ask', attempt: 1 });
  expect(far.events.at(-2)).toMatchObject({ state: 'completed', model: 'test:one' });
  expect(far.events.filter((one) => one.type === 'token').map((one) => one.offset)[0]).toBe(0);
});

test('a reader goes on at another server from any id, without a gap and without a repetition', async () => {
  const id = await begin(SPEAK, { ...SPEAK, id: 'then' });
  const first = await speech.next();
  first.say('one ');
  const near = await new Reading(writer, id).until(({ text }) => text === 'one ');
  near.stop();
  first.say('two ');
  const far = await new Reading(reader, id, { after: near.last }).until(({ text }) => text === 'two ');
  far.stop();
  first.say('three');
  first.end();
  const second = await speech.next();
  second.say('four');
  const back = await new Reading(writer, id, { after: far.last }).until(({ text }) => text === 'threefour');
  second.end();
  expect(await back.toEnd()).toEqual([
    ...['ask+three', 'ask:completed', 'then:started', 'then+four', 'then:completed', 'end completed'],
  ]);
  // From each id of it, what follows is the same.
  for (const [index, { id: after }] of back.events.entries()) {
    const rest = new Reading(index % 2 === 0 ? reader : writer, id, { after });
    await rest.toEnd();
    const texts = back.events.slice(index + 1).map((event) => (event.type === 'token' ? event.text : ''));
    expect(rest.text, after).toBe(texts.join(''));
    expect(rest.events.at(-1)?.type).toBe(index === back.events.length - 1 ? undefined : 'end');
  }
});

test('an execution that ended long ago: its end, and its texts where they are asked for', async () => {
  const id = await begin(SPEAK);
  const spoken = await speech.next();
  spoken.say('said');
  spoken.end();
  await new Reading(writer, id).toEnd();
  expect(await new Reading(reader, id).toEnd()).toEqual(['end completed']);
  expect(await new Reading(reader, id, { from: 'start' }).toEnd()).toEqual([
    ...['ask:started', 'ask+said', 'ask:completed', 'end completed'],
  ]);
});

test('an attempt that failed is reset, and the next one told', async () => {
  const id = await begin(SPEAK);
  const first = await speech.next();
  first.say('wrong');
  const readings = [writer, reader].map((server) => new Reading(server, id));
  for (const reading of readings) await reading.until(({ text }) => text === 'wrong');
  first.fail();
  const second = await speech.next();
  second.say('right');
  for (const reading of readings) await reading.until(({ text }) => text === 'wrongright');
  second.end();
  for (const reading of readings) {
    expect(await reading.toEnd()).toEqual([
      ...['ask:started', 'ask+wrong', 'ask:failed', 'ask!', 'ask:started', 'ask+right', 'ask:completed'],
      'end completed',
    ]);
  }
});

test('a process that goes in the middle of a call: another begins it anew, and readers hear of it', async () => {
  const own = await testDatabase();
  const [doomed, front] = [await serve(['api', 'worker', 'scheduler'], own), await serve(['api'], own)];
  const apiKey = await newKey(front.parts.store);
  const id = await beginAt(doomed, apiKey, [SPEAK]);
  const first = await speech.next();
  first.say('half of i');
  const far = await new Reading(front, id, { apiKey }).until(({ text }) => text === 'half of i');
  await stop(doomed);
  const heir = await serve(['api', 'worker', 'scheduler'], own);
  const second = await speech.next();
  expect(second.task.attempt).toBe(2);
  second.say('all of it');
  second.end();
  expect((await far.toEnd()).slice(-5)).toEqual([
    ...['ask!', 'ask:started', 'ask+all of it', 'ask:completed', 'end completed'],
  ]);
  for (const server of [heir, front]) await stop(server);
  await own.drop();
});

test('a connection that is cut is taken up again where it was', async () => {
  const front = await serve(['api']);
  const id = await begin(SPEAK);
  const spoken = await speech.next();
  spoken.say('a');
  const reading = await new Reading(front, id).until(({ text }) => text === 'a');
  front.app.server.closeAllConnections();
  spoken.say('b');
  await reading.until(({ text }) => text === 'ab');
  front.app.server.closeAllConnections();
  spoken.say('c');
  spoken.end();
  expect(await reading.toEnd()).toEqual(['ask:started', 'ask+abc', 'ask:completed', 'end completed']);
});

test('a reader that takes nothing holds nothing up, and gets all of it later', async () => {
  const id = await begin(SPEAK);
  const spoken = await speech.next();
  const headers = { authorization: `Bearer ${key}` };
  const [answer] = (await once(get(`${writer.url}/api/executions/${id}/stream`, { headers }), 'response')) as [
    IncomingMessage,
  ];
  answer.pause();
  // More than sockets hold.
  const piece = 'x'.repeat(1_000);
  for (let count = 0; count < 900; count += 1) spoken.say(piece);
  const quick = await new Reading(writer, id).until(({ text }) => text.length === 900_000);
  spoken.end(`${piece.repeat(900)}, said`);
  await quick.toEnd();
  let got = '';
  answer.setEncoding('utf8');
  for await (const text of answer) got += text;
  const told = got.split('\n').filter((line) => line.startsWith('data: '));
  const texts = told.map((line) => JSON.parse(line.slice(6)).text ?? '');
  expect(texts.join('')).toBe(`${piece.repeat(900)}, said`);
});

test('streams end when the server stops, and are refused at a wrong id with its reason', async () => {
  const front = await serve(['api']);
  const id = await begin(SPEAK);
  const spoken = await speech.next();
  const ask = async (over: object, of = id) => {
    const headers = { authorization: `Bearer ${key}`, ...over };
    return front.app.inject({ url: `/api/executions/${of}/stream`, headers });
  };
  const wrong = await ask({ 'last-event-id': '1;<script>' });
  expect(wrong.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(wrong.json().detail).toContain('headers.last-event-id');
  expect((await ask({}, newId())).json()).toMatchObject({ code: 'execution_not_found' });
  spoken.say('half');
  const reading = await new Reading(front, id).until(({ text }) => text === 'half');
  const open = await fetch(`${front.url}/api/executions/${id}/stream`, { headers: { authorization: `Bearer ${key}` } });
  const closed = front.app.close();
  expect(await open.text()).toContain('event: call');
  reading.stop();
  front.app.server.closeAllConnections();
  await closed;
  spoken.end();
});
