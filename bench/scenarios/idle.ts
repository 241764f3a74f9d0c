/** Memory of a server that was started and left alone; its PostgreSQL is not counted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { figure } from '../figure.ts';
import { residentMiB } from '../meter.ts';
import { profiled, type Scenario } from '../scenario.ts';
import { removeHome, startServer } from '../server.ts';

const QUIET_MS = 3_000;

export const idle: Scenario = {
  id: 'idle',
  run: async (options) => {
    const begun = performance.now();
    const first = await startServer(profiled(options, 'idle'));
    const firstStart = performance.now() - begun;
    const { home } = first;
    try {
      await sleep(QUIET_MS);
      const memory = residentMiB(first.pid);
      await first.stop();
      const again = performance.now();
      const second = await startServer({ home });
      const secondStart = performance.now() - again;
      await second.stop();
      return {
        id: 'idle',
        title: `a server without load, after ${QUIET_MS / 1000} s`,
        figures: [
          figure('memory, without PostgreSQL', memory, 'MiB', { below: 200 }),
          figure('first start, until ready', firstStart / 1000, 's'),
          figure('later start, until ready', secondStart / 1000, 's'),
        ],
      };
    } finally {
      await first.stop();
      await removeHome(home);
    }
  },
};
