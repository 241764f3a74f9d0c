/**
 * (d) What a node costs in definitions of 10, 100 and 1,000: the time of an execution under full load, less that of
 * an execution with one node, by the nodes more. The sizes take turns, so that a slow moment strikes all of them.
 */
import { chainWorkflow } from '../definitions.ts';
import { figure, median } from '../figure.ts';
import { profiled, type Scenario, WARM_UP_S } from '../scenario.ts';
import { type Server, withServer } from '../server.ts';
import { failureFigures, type Measured, measureOnce, warmUp } from '../webhook-load.ts';

const BASE = 1;
const SIZES = [10, 100, 1_000] as const;
/** Enough to keep the server busy, few enough that an execution of 1,000 nodes waits for few others. */
const CONNECTIONS = 32;
/** Dearest node over cheapest. */
const FLAT_WITHIN = 1.2;
/** Of one measurement, as a share of the others': there are many. */
const SHARE = 0.3;
/** More than of the others: nine nodes more or less are a small part of an execution. */
const MORE_ROUNDS = 2;

type Runs = ReadonlyMap<number, Measured[]>;

export const nodes: Scenario = {
  id: 'd',
  run: (options) =>
    withServer(profiled(options, 'd'), async (server) => {
      const runs = await measure(server, options.seconds * SHARE, options.repeats + MORE_ROUNDS);
      const elapsed = (size: number) => median(runs.get(size)!, timeOf);
      const cpu = (size: number) => median(runs.get(size)!, cpuOf);
      const costs = SIZES.map((size) => ({
        size,
        time: (timeOf(elapsed(size)) - timeOf(elapsed(BASE))) / (size - BASE),
        cpu: (cpuOf(cpu(size)) - cpuOf(cpu(BASE))) / (size - BASE),
      }));
      const times = costs.map((cost) => cost.time);
      return {
        id: 'd',
        title: `chains of transforms, respond: result, ${CONNECTIONS} at once`,
        figures: [
          figure('execution of 1 node', timeOf(elapsed(BASE)), 'µs'),
          ...costs.map(({ size, time }) => figure(`each node of ${size}`, time, 'µs')),
          figure('dearest over cheapest', Math.max(...times) / Math.min(...times), '', { below: FLAT_WITHIN }),
          ...costs.map(({ size, cpu }) => figure(`CPU of each node of ${size}`, cpu, 'µs')),
          ...failureFigures([...runs.values()].flat(), 200),
        ],
        runs: Object.fromEntries(runs),
      };
    }),
};

/** Microseconds of one execution while the server does nothing else. */
const timeOf = ({ load }: Measured): number => 1_000_000 / load.rate;
const cpuOf = ({ cost }: Measured): number => (cost.serverMs + cost.postgresMs) * 1_000;

async function measure(server: Server, seconds: number, rounds: number): Promise<Runs> {
  const sizes = [BASE, ...SIZES];
  const load = (size: number) => ({ server, path: `chain-${size}`, connections: CONNECTIONS });
  for (const size of sizes) await server.deploy(chainWorkflow(`chain-${size}`, size));
  for (const size of sizes) await warmUp({ ...load(size), seconds: WARM_UP_S / sizes.length });
  const runs = new Map<number, Measured[]>(sizes.map((size) => [size, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const size of sizes) runs.get(size)!.push(await measureOnce({ ...load(size), seconds }));
  }
  return runs;
}
