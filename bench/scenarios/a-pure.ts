/** (a) Webhook, transform, if, transform; the caller gets the result. One commit for the whole execution. */
import { pureWorkflow } from '../definitions.ts';
import { figure } from '../figure.ts';
import { profiled, type Scenario, WARM_UP_S } from '../scenario.ts';
import { withServer } from '../server.ts';
import {
  byRate,
  CONCURRENCY,
  costFigures,
  failureFigures,
  floorFigures,
  latencyFigures,
  measureTimes,
  warmUp,
} from '../webhook-load.ts';

export const pure: Scenario = {
  id: 'a',
  run: (options, floors) =>
    withServer(profiled(options, 'a'), async (server) => {
      const path = 'pure';
      await server.deploy(pureWorkflow(path, 'result'));
      await warmUp({ server, path, seconds: WARM_UP_S });
      const runs = await measureTimes({ server, path, seconds: options.seconds }, options.repeats);
      const { load, cost } = byRate(runs);
      return {
        id: 'a',
        title: `webhook -> transform -> if -> transform, respond: result, ${CONCURRENCY} at once`,
        figures: [
          figure('executions', load.rate, '/s', { atLeast: 4_000 }),
          ...latencyFigures(load, { below: 100 }),
          ...failureFigures(runs, 200),
          ...costFigures(cost),
          ...floorFigures(load.rate, floors),
        ],
        runs,
      };
    }),
};
