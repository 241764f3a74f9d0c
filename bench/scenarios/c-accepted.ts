/** (c) The same workflow as (a), acknowledged when it is durable: how many, and how late at a steady rate. */
import { pureWorkflow } from '../definitions.ts';
import { figure } from '../figure.ts';
import { profiled, type Scenario, WARM_UP_S } from '../scenario.ts';
import { withServer } from '../server.ts';
import {
  byP99,
  byRate,
  CONCURRENCY,
  costFigures,
  failureFigures,
  floorFigures,
  latencyFigures,
  measureTimes,
  OPEN_RATE,
  warmUp,
} from '../webhook-load.ts';

export const accepted: Scenario = {
  id: 'c',
  run: (options, floors) =>
    withServer(profiled(options, 'c'), async (server) => {
      const path = 'accepted';
      const { seconds, repeats } = options;
      await server.deploy(pureWorkflow(path, 'accepted'));
      await warmUp({ server, path, seconds: WARM_UP_S });
      const closed = await measureTimes({ server, path, seconds }, repeats);
      await warmUp({ server, path, seconds: 2, rate: OPEN_RATE });
      const open = await measureTimes({ server, path, seconds, rate: OPEN_RATE }, repeats);
      const { load, cost } = byRate(closed);
      const steady = byP99(open);
      return {
        id: 'c',
        title: `the same, respond: accepted, ${CONCURRENCY} at once; then ${OPEN_RATE}/s whatever the answers do`,
        figures: [
          figure('acknowledgements', load.rate, '/s', { atLeast: 6_000 }),
          ...latencyFigures(load),
          ...failureFigures([...closed, ...open], 202),
          ...costFigures(cost),
          ...floorFigures(load.rate, floors),
          figure(`p50 at ${OPEN_RATE}/s`, steady.load.p50, 'ms'),
          figure(`p99 at ${OPEN_RATE}/s`, steady.load.p99, 'ms', { below: 25 }),
          figure(`commits / execution at ${OPEN_RATE}/s`, steady.cost.commits, ''),
        ],
        runs: { closed, open },
      };
    }),
};
