/** The parts of the engine, put together: what triggers, the API and the program see of it. */
import type { NodeTypes } from '../core/node-type.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import { Committer } from './committer.ts';
import { EventTriggers } from './event-triggers.ts';
import { FollowUps } from './follow-ups.ts';
import { Lease } from './lease.ts';
import { Outcomes } from './outcomes.ts';
import { Plans } from './plans.ts';
import { Relay } from './relay.ts';
import { type Host, Rescuer } from './rescuer.ts';
import { Starter } from './starter.ts';
import { Stats } from './stats.ts';
import { Tasks } from './tasks.ts';
import { createTidier } from './tidier.ts';
import { Timers } from './timers.ts';
import { Worker } from './worker.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly secrets: Secrets;
  readonly nodeTypes: NodeTypes;
  readonly host: Host;
  readonly roles: readonly string[];
  /** Executions in memory at most. */
  readonly slots: number;
  /** Tasks at the same time. */
  readonly taskConcurrency: number;
  /** Commits in one transaction at most. */
  readonly commitBatch: number;
  /** A worker silent for so long is taken for dead. */
  readonly leaseMs: number;
}

export interface Engine {
  readonly starter: Starter;
  readonly outcomes: Outcomes;
  readonly plans: Plans;
  readonly stats: Stats;
  readonly committer: Committer;
  /** Undefined where this process has not the role. */
  readonly worker: Worker | undefined;
  readonly tasks: Tasks;
  readonly followUps: FollowUps;
  /** Somebody posted a signal or queued an execution. */
  wake(): void;
  start(): Promise<void>;
  /** Drains for up to `drainMs`, then gives back what is left. */
  stop(drainMs: number): Promise<void>;
}

/** How long a caller waits for a database that does not answer. */
const PATIENCE_MS = 5_000;

export function createEngine(options: EngineOptions): Engine {
  const { store, runtime, secrets, roles } = options;
  const committer = new Committer({ store: store.executions, runtime, batch: options.commitBatch });
  const plans = new Plans(store.workflows, options.nodeTypes);
  const tasks = new Tasks({ runtime, secrets, concurrency: options.taskConcurrency });
  const outcomes = new Outcomes();
  const stats = new Stats();
  const followUps = new FollowUps({ workflows: store.workflows, plans, runtime });
  const lease = new Lease(options.leaseMs, runtime);
  const worker = roles.includes('worker')
    ? new Worker({ store, runtime, committer, plans, tasks, outcomes, stats, lease, followUps, slots: options.slots })
    : undefined;
  const wake = () => worker?.wake();
  const { host } = options;
  const rescuer = worker && new Rescuer({ store: store.workers, runtime, host, roles, worker, lease });
  const starter = new Starter({ runtime, committer, plans, worker, patienceMs: PATIENCE_MS });
  const relay = new Relay({
    outbox: store.outbox,
    runtime,
    stats,
    deliverers: [new EventTriggers({ workflows: store.workflows, starter, runtime })],
  });
  const scheduled: Service[] = roles.includes('scheduler')
    ? [new Timers({ store: store.executions, runtime, fired: wake }), createTidier(store.executions, runtime), relay]
    : [];
  return {
    starter,
    outcomes,
    plans,
    stats,
    committer,
    worker,
    tasks,
    followUps,
    wake,
    start: async () => {
      await rescuer?.begin();
      if (worker !== undefined) await followUps.refresh();
      await store.listen((news) => (news === 'work' ? wake() : relay.wake()));
      worker?.start();
      if (worker !== undefined) followUps.start();
      rescuer?.start();
      for (const service of scheduled) service.start();
    },
    stop: async (drainMs) => {
      await Promise.all([...scheduled.map((service) => service.stop()), worker?.stop()]);
      await drained(worker, runtime, drainMs);
      await rescuer?.stop();
      const id = worker?.id;
      // What outlived the drain is aborted here, before another process may begin it again.
      worker?.renew();
      await Promise.all([committer.stop(), followUps.stop()]);
      if (id !== undefined) await store.workers.leave(id).catch(() => undefined);
    },
  };
}

/** Resolves when the worker has nothing at work any more, at the latest after `limitMs`. */
async function drained(worker: Worker | undefined, runtime: Runtime, limitMs: number): Promise<void> {
  const over = new AbortController();
  const giveUp = new AbortController();
  void runtime.sleep(limitMs, over.signal).then(() => giveUp.abort());
  await worker?.drained(giveUp.signal);
  over.abort();
}
