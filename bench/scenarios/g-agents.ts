/**
 * (g) 200 loops of agents at once, ten model calls each with a tool between them, models that answer at once: how many
 * steps a second, and what a step costs beside its model. A step is a model call with the tool call that it leads to:
 * two commits. Then the same with models that think, so that 1,500 steps a second are asked for: what is added to
 * the thinking is the overhead.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentWorkflow } from '../definitions.ts';
import { figure } from '../figure.ts';
import { profiled, type Scenario, WARM_UP_S } from '../scenario.ts';
import { type Server, withServer } from '../server.ts';
import { byP99, byRate, costFigures, failureFigures, measureTimes, warmUp } from '../webhook-load.ts';

const LOOPS = 200;
const STEPS = 10;
/** With 200 loops, 1,500 steps a second. */
const THINK_MS = Math.floor((LOOPS / 1_500) * 1_000);

export const agents: Scenario = {
  id: 'g',
  run: (options) =>
    withServer({ ...profiled(options, 'g'), env: { MYELIN_DEPENDENCY_LIMIT: '256' } }, async (server) => {
      await writeScript(server, 'eager', 0);
      await writeScript(server, 'thinking', THINK_MS);
      for (const name of ['eager', 'thinking']) await server.deploy(agentWorkflow(name, `scripted:${name}`));
      const load = (path: string) => ({ server, path, connections: LOOPS, seconds: options.seconds });
      await warmUp({ ...load('eager'), seconds: WARM_UP_S });
      const eager = await measureTimes(load('eager'), options.repeats);
      const thinking = await measureTimes(load('thinking'), options.repeats);
      const fast = byRate(eager);
      const paced = byP99(thinking);
      const added = (ms: number) => (ms - STEPS * THINK_MS) / STEPS;
      return {
        id: 'g',
        title: `${LOOPS} agents at once, ${STEPS} model calls each with a tool between`,
        figures: [
          figure('steps, models of 0 ms', fast.load.rate * STEPS, '/s', { atLeast: 1_500 }),
          figure('p99 / step, models of 0 ms', fast.load.p99 / STEPS, 'ms'),
          figure(`steps, models of ${THINK_MS} ms`, paced.load.rate * STEPS, '/s'),
          figure('p50 overhead / step', added(paced.load.p50), 'ms'),
          figure('p99 overhead / step', added(paced.load.p99), 'ms', { below: 3 }),
          ...failureFigures([...eager, ...thinking], 200),
          ...costFigures(fast.cost),
        ],
        runs: [...eager, ...thinking],
      };
    }),
};

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
