/** (b) Webhook and three steps with an effect, each durable before the next: four commits one after the other. */
import { effectsWorkflow } from '../definitions.ts';
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

export const effects: Scenario = {
  id: 'b',
  run: (options, floors) =>
    withServer(profiled(options, 'b'), async (server) => {
      const path = 'effects';
      await server.deploy(effectsWorkflow(path));
      await warmUp({ server, path, seconds: WARM_UP_S });
      const runs = await measureTimes({ server, path, seconds: options.seconds }, options.repeats);
      const { load, cost } = byRate(runs);
      return {
        id: 'b',
        title: `webhook -> 3 steps with an effect, respond: result, ${CONCURRENCY} at once`,
        figures: [
          figure('executions', load.rate, '/s', { atLeast: 2_500 }),
          ...latencyFigures(load),
          ...failureFigures(runs, 200),
          ...costFigures(cost),
          ...floorFigures(load.rate, floors),
        ],
        runs,
      };
    }),
};
