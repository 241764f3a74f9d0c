/** The runtime of a real process: the system's clock, UUIDv7, Math.random, timers, and a log in JSON lines. */
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { Logger, Runtime } from '../../ports/runtime.ts';

/** Longest timer that the platform takes; a longer sleep is made of several. */
const LONGEST_MS = 2 ** 31 - 1;

export function systemRuntime(level: string): Runtime {
  return { now: Date.now, id: uuidv7, random: Math.random, sleep, soon: setImmediate, log: createLog(level) };
}

/** To standard error: standard output belongs to what a person asked for. */
function createLog(level: string): Logger {
  const redact = ['*.authorization', '*.apiKey', '*.secret', '*.password'];
  return pino({ level, base: null, redact }, pino.destination({ dest: 2, sync: false }));
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = Math.max(0, ms); !signal?.aborted; left -= LONGEST_MS) {
    await once(Math.min(left, LONGEST_MS), signal);
    if (left <= LONGEST_MS) return;
  }
}

function once(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
