/**
 * How fast this machine could be at all with the same load: Fastify that answers 202 without a database, and Fastify
 * with one INSERT for each request, on the same PostgreSQL as the server's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { figure, type Section } from './figure.ts';
import type { LoadOptions, LoadResult } from './load/options.ts';
import { runLoad } from './load/run.ts';
import type { BenchOptions } from './scenario.ts';
import { withServer } from './server.ts';
import { CONCURRENCY, OPEN_RATE, ORDER } from './webhook-load.ts';

/** Requests per second at the concurrency of the scenarios. */
export interface Floors {
  readonly http: number;
  readonly insert: number;
}

const WARM_UP_S = 2;
const MOST_SECONDS = 5;

/** Of the INSERT's pool: more made it slower on 2 cores. */
const INSERT_CONNECTIONS = 10;

export async function measureFloors(options: BenchOptions): Promise<{ floors: Floors; section: Section }> {
  const seconds = Math.min(options.seconds, MOST_SECONDS);
  const [http, insert] = await withServer({}, async (server) => [
    await measure('fastify-202.ts', [], seconds),
    await measure('fastify-insert.ts', [server.databaseUrl, String(INSERT_CONNECTIONS)], seconds),
  ]);
  const section = {
    id: 'floors',
    title: 'what this machine does with the same load and nothing of ours',
    figures: [...figuresOf('Fastify answers 202', http!), ...figuresOf('Fastify, one INSERT each', insert!)],
    runs: { http, insert },
  };
  return { floors: { http: http!.closed.rate, insert: insert!.closed.rate }, section };
}

interface FloorResult {
  readonly closed: LoadResult;
  readonly open: LoadResult;
}

const figuresOf = (name: string, { closed, open }: FloorResult) => [
  figure(`${name}: rate`, closed.rate, '/s'),
  figure(`${name}: p99`, closed.p99, 'ms'),
  figure(`${name}: p99 at ${OPEN_RATE}/s`, open.p99, 'ms'),
];

async function measure(program: string, args: readonly string[], seconds: number): Promise<FloorResult> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`floors/${program}`, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = `http://127.0.0.1:${await portOf(child)}/webhooks/orders`;
    const load: LoadOptions = { ...ORDER, url, connections: CONCURRENCY, warmup: WARM_UP_S, seconds };
    return { closed: await runLoad(load), open: await runLoad({ ...load, warmup: 1, rate: OPEN_RATE }) };
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  let output = '';
  for await (const chunk of child.stdout!) {
    output += chunk;
    if (output.includes('\n')) return JSON.parse(output).port;
  }
  throw new Error('The floor ended before it said its port; its errors are above.');
}
