/**
 * (g) Loops of agents, ten model calls each with a tool between them. 200 at once with models that answer at once: how
 * many steps a second. A step is a model call with the tool call that it leads to: two commits. Then executions that come
 * evenly, with models that think, so that 200 loops are under way at 1,500 and at 300 steps a second: what is added to
 * the thinking is the overhead of a step. A model thinks by a timer, which comes late: by how much, on average, stands
 * beside the figure and is not taken off it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentWorkflow } from '../definitions.ts';
import { type Figure, figure } from '../figure.ts';
import { profiled, type Scenario, WARM_UP_S } from '../scenario.ts';
import { type Server, withServer } from '../server.ts';
import { byP99, byRate, costFigures, failureFigures, measureTimes, warmUp } from '../webhook-load.ts';

const LOOPS = 200;
const STEPS = 10;
/** Steps a second that are asked for. */
const PACES = [1_500, 300];
const thinkMs = (pace: number) => Math.floor((LOOPS / pace) * 1_000);

export const agents: Scenario = {
  id: 'g',
  run: (options) =>
    withServer({ ...profiled(options, 'g'), env: { MYELIN_DEPENDENCY_LIMIT: '256' } }, async (server) => {
      await writeScript(server, 'eager', 0);
      await server.deploy(agentWorkflow('eager', 'scripted:eager'));
      const load = { server, path: 'eager', connections: LOOPS, seconds: options.seconds };
      await warmUp({ ...load, seconds: WARM_UP_S });
      const eager = await measureTimes(load, options.repeats);
      const fast = byRate(eager);
      const paced: Figure[] = [];
      const runs = [...eager];
      for (const pace of PACES) {
        const path = `think-${thinkMs(pace)}`;
        await writeScript(server, path, thinkMs(pace));
        await server.deploy(agentWorkflow(path, `scripted:${path}`));
        const even = { server, path, connections: 2 * LOOPS, rate: pace / STEPS, seconds: options.seconds };
        const begun = Date.now();
        const times = await measureTimes({ ...even, seconds: Math.max(options.seconds, 10) }, options.repeats);
        const { load: seen } = byP99(times);
        const added = (ms: number) => (ms - STEPS * thinkMs(pace)) / STEPS;
        paced.push(
          figure(`overhead / step at ${pace} steps/s: p50`, added(seen.p50), 'ms'),
          figure(`overhead / step at ${pace} steps/s: p99`, added(seen.p99), 'ms', { below: 3 }),
          figure(
            '  of which the timer of the model was late, mean',
            await lateness(server, begun, thinkMs(pace)),
            'ms',
          ),
        );
        runs.push(...times);
      }
      return {
        id: 'g',
        title: `agents of ${STEPS} model calls each with a tool between, ${LOOPS} at once`,
        figures: [
          figure('steps, models of 0 ms', fast.load.rate * STEPS, '/s', { atLeast: 1_500 }),
          ...paced,
          ...failureFigures(runs, 200),
          ...costFigures(fast.cost),
        ],
        runs,
      };
    }),
};

/** Milliseconds, by what the journal says of each call since then. */
async function lateness({ sql }: Server, begun: number, askedMs: number): Promise<number> {
  const [row] = await sql`
    select avg((data -> 'output' ->> 'latencyMs')::int)::float8 as took from events
     where type = 'node.completed' and at >= ${begun} and data -> 'output' ->> 'latencyMs' is not null`;
  return (row?.took as number) - askedMs;
}

/** Calls a tool in each turn but the last, each time with other arguments. */
async function writeScript({ home }: Server, name: string, delayMs: number): Promise<void> {
  const turns = Array.from({ length: STEPS - 1 }, (_, n) => ({
    turn: n,
    tools: [{ name: 'note', arguments: { n } }],
    delay: `${delayMs}ms`,
  }));
  const script = { rules: turns, default: { reply: 'done', delay: `${delayMs}ms` } };
  await mkdir(join(home, 'models'), { recursive: true });
  await writeFile(join(home, 'models', `${name}.yaml`), JSON.stringify(script));
}
