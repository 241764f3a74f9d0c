/** Processes of one role each, on one PostgreSQL: what each does for the others, restarted in turn, paused. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Balancer } from '../program/balancer.ts';
import { type Hostile, openHostile } from '../program/hostile.ts';
import { openPostgres, type Postgres } from '../program/postgres.ts';
import { deploy, eventually, execute, hooked, reaches, single } from '../program/scene.ts';
import { Program } from '../program/server.ts';

let database: Postgres;
let sql: postgres.Sql;
let hostile: Hostile;
let apis: Program[];
let webhooks: Program[];
let workers: Program[];
let schedulers: Program[];

const LEASE = { MYELIN_LEASE: '2s' };

beforeAll(async () => {
  [database, hostile] = [await openPostgres(), await openHostile()];
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const begin = async (roles: string, env: Record<string, string> = {}) => {
    // Where all of these lead no folder can be made: only the first api process has a home.
    const shared = { DATABASE_URL: database.url, MYELIN_HOME: '/proc/nowhere', ...LEASE };
    const program = await Program.create({ ...shared, MYELIN_ROLES: roles, MYELIN_DRAIN_NOTICE: '1500ms', ...env });
    await program.start();
    return program;
  };
  const first = await Program.create({
    DATABASE_URL: database.url,
    MYELIN_ROLES: 'api',
    MYELIN_DRAIN_NOTICE: '1500ms',
  });
  await first.start();
  const key = { MYELIN_API_KEY: first.apiKey };
  apis = [first, await begin('api', key)];
  webhooks = await Promise.all(['webhook', 'webhook'].map((roles) => begin(roles, key)));
  workers = await Promise.all(['worker', 'worker'].map((roles) => begin(roles, key)));
  schedulers = [await begin('scheduler', key)];
});

afterAll(async () => {
  const all = [...(apis ?? []), ...(webhooks ?? []), ...(workers ?? []), ...(schedulers ?? [])];
  await Promise.all(all.map((program) => program.dispose()));
  await sql?.end();
  await Promise.all([database?.close(), hostile?.close()]);
});

const [A, B] = [0, 1];
const at = (programs: readonly Program[], index: number) => programs[index] as Program;

describe('each role does its part', () => {
  test('a webhook process answers with the result of an execution that a worker runs', async () => {
    const nodes = [
      { id: 'nap', type: 'delay', config: { for: '20ms' } },
      { id: 'work', type: 'tool', config: { tool: 'noop', arguments: { n: '{{ $trigger.body.n }}' } } },
    ];
    await deploy(at(apis, A), hooked('far', { respond: 'result' }, nodes, { edges: ['nap -> work'] }));
    // Active at once in every process.
    const asked = [0, 1, 2, 3].map((n) => at(webhooks, n % 2).call('POST', '/webhooks/far', { n }));
    for (const [n, { status, body, headers }] of (await Promise.all(asked)).entries()) {
      expect([status, body]).toEqual([200, { n }]);
      const seen = await at(apis, B).call('GET', `/api/executions/${headers.get('x-execution-id')}`);
      expect(seen.body.status).toBe('completed');
    }
    expect((await at(apis, A).call('POST', '/webhooks/far', {})).status).toBe(404);
    expect((await at(webhooks, A).call('GET', '/api/workflows')).status).toBe(404);
    expect((await fetch(`${at(workers, A).url}/health/ready`)).status).toBe(200);
  });

  test('a workflow that is paused or changed is so in every webhook process within a second', async () => {
    const id = await deploy(at(apis, A), hooked('fading'));
    const call = () => at(webhooks, A).call('POST', '/webhooks/fading', {});
    expect((await call()).status).toBe(202);
    await at(apis, B).call('POST', `/api/workflows/${id}/pause`);
    await eventually(async () => ((await call()).status === 404 ? true : undefined), 5_000);
  });

  test('an api process cancels and streams what a worker owns, which alone is an owner', async () => {
    const hang = { id: 'hang', type: 'http', config: { url: `${hostile.url}/hang` } };
    await deploy(at(apis, A), hooked('stuck', {}, [hang]));
    const { body } = await at(webhooks, B).call('POST', '/webhooks/stuck', {});
    const id = body.executionId as string;
    const owner = await eventually(async () => {
      const [row] = await sql`
        select w.roles from workflow_executions e join workers w on w.id = e.owner where e.id = ${id}`;
      return row?.roles as string | undefined;
    });
    expect(owner).toBe('worker');
    const events = at(apis, B).call('GET', `/api/executions/${id}/events`, undefined, { accept: 'text/event-stream' });
    const canceled = await at(apis, A).call('POST', `/api/executions/${id}/cancel`, {});
    expect([canceled.status, canceled.body.status]).toEqual([202, 'canceled']);
    expect((await events).body).toContain('event: execution.canceled');
    expect((await sql`select distinct roles from workers`).map((row) => row.roles)).toEqual(['worker']);
  });
});

test('a rolling restart of everything that takes requests: none fails', async () => {
  await deploy(at(apis, A), hooked('steady', { respond: 'result', wait: '5s' }));
  const balancer = await Balancer.open(
    webhooks.map(({ url }) => url),
    apis.map(({ url }) => url),
  );
  const failed: string[] = [];
  let answered = 0;
  let rolling = true;
  const ask = async (path: string, init: RequestInit) => {
    const response = await fetch(balancer.url + path, init).catch((error: Error) => error);
    const text = response instanceof Error ? String(response.cause) : await response.text();
    if (response instanceof Error || !response.ok) failed.push(`${path}: ${text}`);
    else answered += 1;
  };
  const headers = { authorization: `Bearer ${at(apis, A).apiKey}`, 'content-type': 'application/json' };
  const caller = async () => {
    while (rolling) {
      await ask('/webhooks/steady', { method: 'POST', headers, body: '{"n":1}' });
      await ask('/api/workflows', { headers });
      await ask('/api/workflows/steady/execute', { method: 'POST', headers, body: '{"input":{}}' });
    }
  };
  const until = async (count: number) => eventually(async () => (answered >= count ? true : undefined), 60_000);
  try {
    await eventually(async () => ((await fetch(`${balancer.url}/api/workflows`, { headers })).ok ? true : undefined));
    await eventually(async () => {
      const answer = await fetch(`${balancer.url}/webhooks/steady`, { method: 'POST', headers, body: '{"n":0}' });
      return answer.ok ? true : undefined;
    });
    const callers = Array.from({ length: 4 }, caller);
    await until(50);
    for (const program of [...webhooks, ...apis]) {
      expect(await program.kill('SIGTERM')).toBe(0);
      await program.start();
      await until(answered + 50);
    }
    rolling = false;
    await Promise.all(callers);
    expect(failed).toEqual([]);
  } finally {
    rolling = false;
    await balancer.close();
  }
});

test('a worker that stops gives its executions to the other at once', async () => {
  const gate = { id: 'gate', type: 'http', config: { url: `${hostile.url}/gate` } };
  await deploy(at(apis, A), single('held', gate));
  const ids = await Promise.all(Array.from({ length: 6 }, () => execute(at(apis, A), 'held')));
  await eventually(async () => (hostile.held >= 6 ? true : undefined));
  const ended = at(workers, A).kill('SIGTERM');
  const [{ owners } = { owners: 0 }] = await sql`
    select count(distinct owner)::int as owners from workflow_executions where owner is not null`;
  expect(owners).toBeGreaterThan(0);
  hostile.open();
  expect(await ended).toBe(0);
  expect(await sql`select 1 from workers`).toHaveLength(1);
  for (const id of ids) await reaches(at(apis, B), id, 'completed');
  await at(workers, A).start();
});

test('a worker that was paused for longer than its lease is fenced when it wakes, and begins anew', async () => {
  // Holds the first attempt until it is let go, and answers all others.
  const attempts: string[] = [];
  let letGo = () => undefined as unknown;
  let broken = false;
  const target = createServer((request, response) => {
    attempts.push(String(request.headers['idempotency-key']));
    const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"n":1}');
    if (attempts.length > 1) return answer();
    letGo = answer;
    response.once('close', () => {
      broken = !response.writableFinished;
    });
    return undefined;
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
  await deploy(at(apis, A), single('pausing', { type: 'http', config: { url, method: 'PUT' } }));
  const id = await execute(at(apis, A), 'pausing');
  await eventually(async () => (attempts.length === 1 ? true : undefined));
  const [owner] = await sql`
    select w.id, w.pid from workflow_executions e join workers w on w.id = e.owner where e.id = ${id}`;
  const paused = workers.find(({ pid }) => pid === owner?.pid) as Program;
  paused.signal('SIGSTOP');
  await reaches(at(apis, A), id, 'completed');
  const before = (await at(apis, A).call('GET', `/api/executions/${id}/events`)).body;
  expect(attempts).toEqual([`${id}/only`, `${id}/only`]);
  expect(await sql`select 1 from workers where id = ${owner?.id}`).toEqual([]);

  // The answer lies ready when it wakes: what it would write of it comes too late.
  letGo();
  paused.signal('SIGCONT');
  const anew = await eventually(async () => {
    const [row] = await sql`select id from workers where pid = ${paused.pid as number}`;
    return row?.id as string | undefined;
  });
  expect(anew).not.toBe(owner?.id);
  expect(paused.output).toContain('given up for dead');
  expect((await at(apis, A).call('GET', `/api/executions/${id}/events`)).body).toEqual(before);
  expect([attempts.length, broken]).toEqual([2, false]);

  // It works again, alone.
  const other = workers.find((one) => one !== paused) as Program;
  await other.kill('SIGTERM');
  await reaches(at(apis, A), await execute(at(apis, A), 'pausing'), 'completed');
  await other.start();
  await new Promise<void>((resolve) => target.close(() => resolve()));
});
