/** (e) Lists and reads over HTTP where a million executions are stored, one request at a time. */
import { type Figure, figure } from '../figure.ts';
import { type ReadResult, read } from '../reader.ts';
import { profiled, type Scenario } from '../scenario.ts';
import { type Server, withServer } from '../server.ts';
import { storeExecutions, WORKFLOWS } from '../stored-executions.ts';

const COUNT = 1_000_000;
const REQUESTS = 1_000;
const WARM_UP = 300;
/** No read may take the scenario hostage. */
const SLOW_REQUESTS = 50;

const TARGET = { below: 10 };

interface Read {
  readonly name: string;
  readonly path: (number: number) => string;
  readonly requests?: number;
}

export const stored: Scenario = {
  id: 'e',
  run: (options) =>
    withServer(profiled(options, 'e'), async (server) => {
      const begun = performance.now();
      await storeExecutions(server, COUNT);
      const seconds = (performance.now() - begun) / 1000;
      const results: Record<string, ReadResult> = {};
      for (const one of await reads(server)) results[one.name] = await measure(server, one);
      return {
        id: 'e',
        title: `${COUNT.toLocaleString('en-US')} stored executions (copied in ${Math.round(seconds)} s), pages of 50`,
        figures: Object.entries(results).flatMap(([name, result]) => figuresOf(name, result)),
        runs: results,
      };
    }),
};

const figuresOf = (name: string, { p50, p99 }: ReadResult): Figure[] => [
  figure(`${name}: p50`, p50, 'ms'),
  figure(`${name}: p99`, p99, 'ms', TARGET),
];

/** A first try tells whether it is slow; then fewer requests must do. */
async function measure(server: Server, { path, requests = REQUESTS }: Read): Promise<ReadResult> {
  const first = await read({ server, path, requests: 3, warmup: 2 });
  if (first.p50 > 50) return await read({ server, path, requests: SLOW_REQUESTS, warmup: 0 });
  return await read({ server, path, requests, warmup: WARM_UP });
}

async function reads({ sql }: Server): Promise<Read[]> {
  const [common, rare] = WORKFLOWS;
  const sample = await sql`
    select id, created_at from workflow_executions tablesample system (1) order by random() limit ${REQUESTS}`;
  const at = (number: number) => sample[number % sample.length]!;
  const id = (number: number): string => at(number).id;
  const time = (number: number): string => new Date(Number(at(number).created_at)).toISOString();
  const list = (query: string) => `/api/executions?limit=50${query}`;
  return [
    { name: 'list', path: () => list('') },
    { name: 'list from a cursor', path: (number) => list(`&cursor=${id(number)}`) },
    { name: 'list, completed', path: () => list('&status=completed') },
    { name: 'list, failed, from a cursor', path: (number) => list(`&status=failed&cursor=${id(number)}`) },
    { name: 'list, a rare workflow', path: () => list(`&workflow=${rare}`) },
    { name: 'list, workflow and failed', path: () => list(`&workflow=${common}&status=failed`) },
    { name: 'list, rare workflow and failed', path: () => list(`&workflow=${rare}&status=failed`) },
    { name: 'list, before a time', path: (number) => list(`&to=${time(number)}`) },
    { name: 'read one', path: (number) => `/api/executions/${id(number)}` },
    { name: 'read its events', path: (number) => `/api/executions/${id(number)}/events` },
  ];
}
