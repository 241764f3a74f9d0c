/** The same key is one execution, whoever is asked and however often; an effect has one key, whatever happens to it. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deploy, executionsOf, hooked, reaches, single } from '../program/scene.ts';
import { type Answer, Program } from '../program/server.ts';

const DUPLICATES = 1_000;

let one: Program;
let other: Program;

beforeAll(async () => {
  one = await Program.create({ MYELIN_EGRESS_ALLOW: '127.0.0.1' });
  await one.start();
  const { user, password, port } = JSON.parse(readFileSync(join(one.home, 'postgres.json'), 'utf8'));
  other = await Program.create({
    DATABASE_URL: `postgres://${user}:${password}@127.0.0.1:${port}/myelin`,
    MYELIN_API_KEY: one.apiKey,
  });
  await other.start();
});
afterAll(async () => {
  await other?.dispose();
  await one?.dispose();
});

const key = (text: string, ttl?: string) => ({ 'idempotency-key': text, ...(ttl && { 'idempotency-ttl': ttl }) });
const start = (program: Program, workflow: string, body: object, headers: Record<string, string>) =>
  program.call('POST', `/api/workflows/${workflow}/execute`, body, headers);

test('a webhook sent a thousand times at once to two processes is one execution with a thousand equal answers', async () => {
  await deploy(one, hooked('thousand'));
  // A machine that is too busy says 503: whoever hears that sends again, as a caller does.
  const send = async (_: unknown, index: number): Promise<Answer> => {
    const program = index % 2 === 0 ? one : other;
    const answer = await program.call('POST', '/webhooks/thousand', { n: 1 }, key('same'));
    return answer.status === 503 ? await send(_, index) : answer;
  };
  const answers = await Promise.all(Array.from({ length: DUPLICATES }, send));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  const [execution, ...more] = await executionsOf(one, 'thousand');
  expect(more).toEqual([]);
  expect(answers[0]?.body.executionId).toBe(execution.id);
});

test('a start by the API does the same, also when the execution has ended long ago', async () => {
  await deploy(one, hooked('again'));
  const first = await start(one, 'again', { input: 1 }, key('k'));
  await reaches(one, first.body.executionId, 'completed');
  const late = await Promise.all([one, other].map((program) => start(program, 'again', { input: 1 }, key('k'))));
  expect(late.map(({ body }) => body)).toEqual([first.body, first.body]);
  const many = await Promise.all([one, other].map((program) => start(program, 'again', { inputs: [1, 2] }, key('k'))));
  expect(many[0]?.body.executionIds).toHaveLength(2);
  expect(many[1]?.body).toEqual(many[0]?.body);
  expect(await executionsOf(one, 'again')).toHaveLength(3);
});

test('a key lives as long as it was told to', async () => {
  await deploy(one, hooked('short'));
  const first = await start(one, 'short', { input: 1 }, key('k', '1s'));
  const ids = new Set([first.body.executionId]);
  // Looked for until the key has expired; which it has after a second, by the clock of the database.
  while (ids.size === 1) ids.add((await start(other, 'short', { input: 1 }, key('k', '1s'))).body.executionId);
  expect(await executionsOf(one, 'short')).toHaveLength(2);
  const refused = await start(one, 'short', { input: 1 }, key('k', '10ms'));
  expect(refused.body).toMatchObject({ status: 400, errors: [{ path: 'headers.idempotency-ttl' }] });
});

/** Answers calls as told, and says with which keys they came. */
async function target(answer: (call: number) => number | 'silence') {
  const keys: string[] = [];
  const arrivals: (() => void)[] = [];
  const server: Server = createServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']));
    for (const arrived of arrivals.splice(0)) arrived();
    const status = answer(keys.length);
    if (status !== 'silence') request.resume().on('end', () => response.writeHead(status).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    keys,
    url,
    next: () => new Promise<void>((resolve) => arrivals.push(resolve)),
    close: () => server.close().closeAllConnections(),
  };
}

test('an effect keeps its key over retries, a crash, and a retry by a person', async () => {
  // Refused for now, silent while the process dies, refused for good, done.
  const shop = await target((call) => [503, 'silence' as const, 422, 200][call - 1] ?? 200);
  try {
    const config = { method: 'POST', url: shop.url, body: {}, idempotent: true };
    await deploy(one, single('keyed', { type: 'http', config, retry: { attempts: 5, delay: '10ms' } }));
    const { body } = await start(one, 'keyed', {}, {});
    while (shop.keys.length < 2) await shop.next();
    // Whichever of the two has it.
    await Promise.all([other.kill(), one.kill()]);
    await one.start();
    expect((await reaches(one, body.executionId)).status).toBe('failed');
    await one.call('POST', `/api/executions/${body.executionId}/retry`, {});
    await reaches(one, body.executionId, 'completed');
    expect(shop.keys).toHaveLength(4);
    expect(new Set(shop.keys)).toEqual(new Set([`${body.executionId}/only`]));
  } finally {
    shop.close();
  }
});
