/** The runtime of one process of the simulation: a clock that may be wrong, timers that may be late, no log but the story. */
import type { Runtime } from '../../ports/runtime.ts';
import type { Life, World } from './world.ts';

export interface Clock {
  /** Milliseconds that it is ahead of the right time; negative: behind. */
  skew: number;
}

/** Most that a timer is late. */
const LATE_MS = 3;

export function simRuntime(world: World, life: Life, clock: Clock): Runtime {
  const { chance } = world;
  return {
    now: () => world.now + clock.skew,
    id: () => world.id(),
    random: () => chance.next(),
    sleep: (ms, signal) => sleep(world, life, ms + (chance.happens(0.3) ? chance.int(0, LATE_MS) : 0), signal),
    soon: (call) => void world.after(0, call, life),
    log: {
      debug: () => undefined,
      info: (_, message) => world.say(life.name, () => `says: ${message}`),
      warn: (fields, message) => world.say(life.name, () => `warns: ${message} ${causeOf(fields)}`),
      // The engine speaks of an error only where something is wrong with a history or with itself.
      error: (fields, message) => world.blame(`${life.name}: ${message} ${JSON.stringify(fields)}`),
    },
  };
}

function sleep(world: World, life: Life, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      entry.off = true;
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const entry = world.after(ms, end, life);
    signal?.addEventListener('abort', end, { once: true });
  });
}

function causeOf(fields: object): string {
  const error = 'error' in fields ? (fields.error as { message?: string }) : undefined;
  return error?.message === undefined ? '' : `(${error.message})`;
}
