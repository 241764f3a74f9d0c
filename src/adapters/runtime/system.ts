/** The runtime of a real process: the system's clock, UUIDv7, Math.random, timers, and a log in JSON lines. */
import { type LoggerOptions, pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { createMask } from '../../core/masking/mask.ts';
import type { RuleName } from '../../core/masking/rules.ts';
import type { Logger, Runtime } from '../../ports/runtime.ts';

/** Longest timer that the platform takes; a longer sleep is made of several. */
const LONGEST_MS = 2 ** 31 - 1;

/** What the rules of `masked` find is masked in the log. */
export function systemRuntime(level: string, masked: readonly RuleName[] = []): Runtime {
  // To standard error: standard output belongs to what a person asked for.
  const log = createLog(level, masked, pino.destination({ dest: 2, sync: false }));
  return { now: Date.now, id: uuidv7, random: Math.random, sleep, soon: setImmediate, log };
}

/** In the fields of a line to any depth, and in its message. */
export function createLog(level: string, masked: readonly RuleName[], to: { write(line: string): unknown }): Logger {
  const redact = ['*.authorization', '*.apiKey', '*.secret', '*.password'];
  const mask = createMask(masked);
  if (mask === null) return pino({ level, base: null, redact }, to);
  const hooks: LoggerOptions['hooks'] = {
    logMethod(given, write) {
      write.apply(this, mask.value(given));
    },
  };
  return pino({ level, base: null, redact, hooks }, to);
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
