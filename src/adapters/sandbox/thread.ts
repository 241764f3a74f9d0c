/**
 * One warm thread of the sandbox. QuickJS stops a program at its deadline by itself, except inside a long built-in
 * operation; then a second deadline, here, ends the whole thread, which stops anything.
 */
import { Worker } from 'node:worker_threads';
import { collapse, type Job, type Outcome, READY, timeLimit } from './job.ts';

export interface Thread {
  /** False once the thread has ended or is ending; it takes no more jobs. */
  alive(): boolean;
  /** Runs one job at a time; never rejects. A thread that dies in the middle answers for its job. */
  run(job: Job): Promise<Outcome>;
  /** Ends the thread in the middle of whatever it does. */
  end(): Promise<void>;
}

/** Milliseconds that QuickJS has to notice its own deadline before the thread is ended. */
const GRACE = 250;
/** The memory of programs is WebAssembly memory and not counted here; this holds our code and copies of JSON text. */
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

export function startThread(): Thread {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    // Captured and never read: QuickJS prints when it aborts, and nothing of a program belongs in our log. Reading
    // them, even to throw it away, would keep the process alive.
    stdout: true,
    stderr: true,
    resourceLimits: LIMITS,
  });
  // An idle thread keeps no process alive.
  worker.unref();

  let alive = true;
  const ready = Promise.withResolvers<void>();
  let settle: (outcome: Outcome) => void = () => {};
  const lost = (outcome: Outcome) => {
    alive = false;
    ready.resolve();
    settle(outcome);
  };
  worker.on('message', (message: typeof READY | Outcome) => {
    if (message === READY) ready.resolve();
    else settle(message);
  });
  worker.on('error', (error) => lost(crash(error)));
  worker.on('exit', () => lost({ code: 'code_failed', message: 'The thread of the sandbox ended.' }));

  const end = async () => {
    alive = false;
    await worker.terminate();
  };
  return {
    alive: () => alive,
    end,
    async run(job) {
      const outcome = Promise.withResolvers<Outcome>();
      settle = outcome.resolve;
      worker.ref();
      await ready.promise;
      worker.postMessage(job);
      const timer = setTimeout(() => {
        outcome.resolve(timeLimit(job.timeoutMs));
        void end();
      }, job.timeoutMs + GRACE);
      try {
        return await outcome.promise;
      } finally {
        clearTimeout(timer);
        worker.unref();
      }
    },
  };
}

function crash(error: unknown): Outcome {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return collapse();
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'code_failed', message: `The thread of the sandbox broke down: ${message}` };
}
