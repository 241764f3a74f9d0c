/** Load on a webhook of a server, measured some times, with what each execution cost. */
import { type Figure, figure, median, type Target } from './figure.ts';
import type { Floors } from './floors.ts';
import type { LoadOptions, LoadResult } from './load/options.ts';
import { runLoad } from './load/run.ts';
import { type Cost, costOf, readMeter } from './meter.ts';
import type { Server } from './server.ts';

/** Requests at once, each on a connection of its own. */
export const CONCURRENCY = 100;
/** Of the open loop. */
export const OPEN_RATE = 1_000;

/** The request of all scenarios: about what a shop sends. */
export const ORDER = {
  headers: { 'content-type': 'application/json' },
  body: '{"id":"<counter>","customer":"Ada Lovelace","amount":128.5,"items":[{"sku":"A-1","count":2}]}',
} as const;

export interface Measured {
  readonly load: LoadResult;
  readonly cost: Cost;
}

export interface WebhookLoad {
  readonly server: Server;
  /** Of the webhook, below `/webhooks/`. */
  readonly path: string;
  readonly connections?: number;
  /** Requests per second; absent: closed loop. */
  readonly rate?: number;
  readonly seconds: number;
}

/** Without measuring anything. */
export async function warmUp(of: WebhookLoad): Promise<void> {
  await runLoad({ ...optionsOf(of), warmup: 0 });
}

/** The load has no warm-up of its own here, so that the meters see what the load saw. */
export async function measureOnce(of: WebhookLoad): Promise<Measured> {
  const before = await readMeter(of.server);
  const load = await runLoad({ ...optionsOf(of), warmup: 0 });
  const after = await readMeter(of.server);
  return { load, cost: costOf(before, after, load.requests) };
}

export async function measureTimes(of: WebhookLoad, times: number): Promise<Measured[]> {
  const runs: Measured[] = [];
  for (let run = 0; run < times; run += 1) runs.push(await measureOnce(of));
  return runs;
}

export const byRate = (runs: readonly Measured[]): Measured => median(runs, (run) => run.load.rate);
export const byP99 = (runs: readonly Measured[]): Measured => median(runs, (run) => run.load.p99);

export const latencyFigures = ({ p50, p95, p99 }: LoadResult, target?: Target): Figure[] => [
  figure('p50', p50, 'ms'),
  figure('p95', p95, 'ms'),
  figure('p99', p99, 'ms', target),
];

export const costFigures = (cost: Cost): Figure[] => [
  figure('PostgreSQL commits / execution', cost.commits, ''),
  figure('  of which wrote', cost.writes, ''),
  figure('WAL / execution', cost.walBytes, 'bytes'),
  figure('CPU of the server / execution', cost.serverMs, 'ms'),
  figure('CPU of PostgreSQL / execution', cost.postgresMs, 'ms'),
];

export const floorFigures = (rate: number, floors: Floors | undefined): Figure[] =>
  floors === undefined
    ? []
    : [
        figure('of the floor without a database', (rate / floors.http) * 100, '%'),
        figure('of the floor with one INSERT each', (rate / floors.insert) * 100, '%'),
      ];

/** None where every answer of every run had this status; otherwise a figure that misses its target. */
export function failureFigures(runs: readonly Measured[], status: number): Figure[] {
  const failed = runs
    .map(({ load }) => load.errors + load.requests - (load.statusCounts[status] ?? 0))
    .reduce((sum, count) => sum + count, 0);
  return failed === 0 ? [] : [figure(`requests not answered by ${status}`, failed, '', { below: 1 })];
}

function optionsOf({ server, path, connections = CONCURRENCY, rate, seconds }: WebhookLoad): LoadOptions {
  return {
    ...ORDER,
    url: `${server.url}/webhooks/${path}`,
    connections,
    seconds,
    ...(rate !== undefined && { rate }),
  };
}
