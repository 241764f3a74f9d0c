/**
 * User code outside the engine: a queue of programs and a small pool of warm threads, each of which runs one program
 * at a time in a QuickJS of its own (rule R2). A thread that had to be ended is replaced when the next program needs it.
 */
import { MyelinError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { parseJson } from '../../core/safe-json.ts';
import type { Program, Sandbox } from '../../ports/sandbox.ts';
import type { Job, Outcome } from './job.ts';
import { startThread, type Thread } from './thread.ts';

/** A program on its way: in the queue until it has a thread. */
interface Run {
  readonly job: Job;
  readonly resolve: (result: Json) => void;
  readonly reject: (error: unknown) => void;
  thread?: Thread | undefined;
}

/**
 * Threads start when they are first needed, at most `maxThreads` (default 2), and stay. Time in the queue does not
 * count towards a program's `timeoutMs`. `run` throws `code_failed` or `code_limit`; `unsafe_key` or `too_deep` for a
 * result that no JSON of the product may be; the signal's reason when it aborts; `shutting_down` after `stop`.
 */
export function createSandbox(options: { readonly maxThreads?: number } = {}): Sandbox {
  const maxThreads = options.maxThreads ?? 2;
  const threads = new Set<Thread>();
  const idle: Thread[] = [];
  const queue: Run[] = [];
  const active = new Set<Run>();
  let stopped = false;

  function advance(): void {
    while (queue.length > 0) {
      const thread = takeThread();
      if (thread === undefined) return;
      void occupy(thread, queue.shift()!);
    }
  }

  function takeThread(): Thread | undefined {
    for (let thread = idle.pop(); thread !== undefined; thread = idle.pop()) {
      if (thread.alive()) return thread;
      threads.delete(thread);
    }
    if (threads.size >= maxThreads) return undefined;
    const thread = startThread();
    threads.add(thread);
    return thread;
  }

  async function occupy(thread: Thread, run: Run): Promise<void> {
    run.thread = thread;
    const outcome = await thread.run(run.job);
    // From here on an abort of this run must not end the thread, which may have another program.
    run.thread = undefined;
    deliver(run, outcome);
    if (thread.alive()) idle.push(thread);
    else {
      await thread.end();
      threads.delete(thread);
    }
    if (!stopped) advance();
  }

  /** Takes a run out wherever it is; the thread is ended at once and its place is free when it has ended. */
  function cut(run: Run, reason: unknown): void {
    run.reject(reason);
    const place = queue.indexOf(run);
    if (place >= 0) queue.splice(place, 1);
    else void run.thread?.end();
  }

  async function run(program: Program): Promise<Json> {
    if (stopped) throw shuttingDown();
    if (program.signal.aborted) throw reasonOf(program.signal);
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    const run: Run = { job: toJob(program), resolve, reject };
    const onAbort = () => cut(run, reasonOf(program.signal));
    program.signal.addEventListener('abort', onAbort, { once: true });
    active.add(run);
    queue.push(run);
    advance();
    try {
      return await promise;
    } finally {
      active.delete(run);
      program.signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    run,
    async stop() {
      stopped = true;
      for (const run of active) cut(run, shuttingDown());
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };
}

function toJob(program: Program): Job {
  const { source, timeoutMs, memoryBytes } = program;
  try {
    return { source, timeoutMs, memoryBytes, globals: JSON.stringify(program.globals) };
  } catch (cause) {
    const message = 'The variables that the code sees cannot be copied in, since they are not JSON.';
    throw new MyelinError('code_failed', message, undefined, cause);
  }
}

function deliver(run: Run, outcome: Outcome): void {
  try {
    run.resolve(resultOf(outcome));
  } catch (error) {
    run.reject(error);
  }
}

function resultOf(outcome: Outcome): Json {
  if ('json' in outcome) return parseJson(outcome.json) as Json;
  const data = outcome.line === undefined ? undefined : { line: outcome.line };
  throw new MyelinError(outcome.code, outcome.message, data);
}

/** Who aborts says why with a MyelinError as the reason; anything else is an end that nobody explained. */
function reasonOf(signal: AbortSignal): unknown {
  if (signal.reason instanceof MyelinError) return signal.reason;
  return new MyelinError('interrupted', 'The code was stopped before it ended.', undefined, signal.reason);
}

function shuttingDown(): MyelinError {
  return new MyelinError('shutting_down', 'The code was stopped, since the server is stopping.');
}
