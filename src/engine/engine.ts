/** The parts of the engine, put together: what triggers, the API and the program see of it. */
import type { NodeTypes } from '../core/node-type.ts';
import { KEEP_ALL, type RetentionRules } from '../core/retention.ts';
import type { Brokers, Publishers } from '../ports/brokers.ts';
import type { Connections } from '../ports/connections.ts';
import type { Databases } from '../ports/database.ts';
import type { Egress } from '../ports/egress.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import { Admission } from './admission.ts';
import { Backlog } from './backlog.ts';
import { type BulkControl, createBulkControl } from './bulk-control.ts';
import { CatchUp } from './catch-up.ts';
import { type Changed, Changes } from './changes.ts';
import { Committer } from './committer.ts';
import { createDeadLetters } from './dead-letters.ts';
import { Dependencies, type DependencySettings } from './dependencies.ts';
import { EventFeeds } from './event-feeds.ts';
import { EventSchemas } from './event-schemas.ts';
import { EventTriggers } from './event-triggers.ts';
import { EventWaits } from './event-waits.ts';
import { Figures } from './figures.ts';
import { FollowUps } from './follow-ups.ts';
import { Intake } from './intake.ts';
import { Lease } from './lease.ts';
import { Links } from './links.ts';
import { LiveBoard } from './live-board.ts';
import { maskOf } from './mask-of.ts';
import { Outcomes } from './outcomes.ts';
import { Plans } from './plans.ts';
import { Poller } from './poller.ts';
import { Projector } from './projector.ts';
import { Relay } from './relay.ts';
import { Replayer } from './replayer.ts';
import { Requeue } from './requeue.ts';
import { type Host, Rescuer } from './rescuer.ts';
import { Retention } from './retention.ts';
import { Scheduler } from './scheduler.ts';
import { createSessionEnds } from './session-ends.ts';
import { Starter } from './starter.ts';
import { Stats } from './stats.ts';
import { Subscriptions } from './subscriptions.ts';
import { Tasks } from './tasks.ts';
import { createTidier } from './tidier.ts';
import { Timers } from './timers.ts';
import { TokenHub } from './token-hub.ts';
import { TriggerStates } from './trigger-states.ts';
import { Worker } from './worker.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly secrets: Secrets;
  /** Absent: there are none. */
  readonly connections?: Connections;
  /** At which triggers listen; absent: none. */
  readonly brokers?: Brokers;
  /** By which events leave; absent: feeds wait. */
  readonly publishers?: Publishers;
  /** By which polls look; absent: there are none. */
  readonly polling?: { readonly egress: Pick<Egress, 'request'>; readonly databases: Pick<Databases, 'run'> };
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
  /** How hosts and models are treated; absent: as if all were well. */
  readonly dependencies?: DependencySettings;
  /** Executions that may wait for a worker before webhooks are refused; absent: any number. */
  readonly queueLimit?: number;
  /** Where the outside finds the server; absent: links are paths. */
  readonly publicUrl?: () => string;
  /** How long executions are kept whose workflow says nothing of it; absent: for ever. */
  readonly retention?: RetentionRules;
  /** How long messages stay in their log, in milliseconds; absent: for ever. */
  readonly keepMessagesMs?: number;
  /** Milliseconds without activity after which a session ends that has no time of its own; absent, null: never. */
  readonly sessionIdleMs?: number | null;
  /** How long sessions are kept after their end, in milliseconds; absent, null: for ever. */
  readonly keepSessionsMs?: number | null;
  /** To which its nodes give the texts of model calls; absent: one of its own. */
  readonly tokens?: TokenHub;
  /** By which its `emit` nodes look at messages; absent: one of its own. */
  readonly schemas?: EventSchemas;
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
  readonly dependencies: Dependencies | undefined;
  /** Undefined where this process takes no webhooks. */
  readonly backlog: Backlog | undefined;
  readonly followUps: FollowUps;
  readonly requeue: Requeue;
  readonly bulk: BulkControl;
  /** Undefined where this process has not the role. */
  readonly admission: Admission | undefined;
  readonly links: Links;
  readonly retention: RetentionRules;
  readonly tokens: TokenHub;
  readonly schemas: EventSchemas;
  /** What this process changes is told to all by it. */
  readonly changes: Changes;
  /** What any process changes is heard of by it. */
  readonly live: LiveBoard;
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
  const changes = new Changes({ store: store.live, runtime });
  const changed: Changed = (projectId, topics) => changes.touch(projectId, topics);
  const live = new LiveBoard({ store: store.live, runtime });
  const committer = new Committer({
    ...{ store: store.executions, runtime, batch: options.commitBatch },
    written: (commits, results) => changes.committed(commits, results),
  });
  const publicUrl = options.publicUrl ?? (() => '');
  const links = new Links(store.access, publicUrl);
  const plans = new Plans(store.workflows, options.nodeTypes, (projectId) => links.callbackUrls(projectId));
  const dependencies =
    options.dependencies && new Dependencies({ store: store.breakers, runtime, ...options.dependencies });
  const { connections } = options;
  const tasks = new Tasks({ runtime, secrets, connections, concurrency: options.taskConcurrency, dependencies });
  const outcomes = new Outcomes();
  const stats = new Stats();
  const tokens = options.tokens ?? new TokenHub({ store: store.tokens, runtime });
  const schemas = options.schemas ?? new EventSchemas({ store: store.eventSchemas, runtime });
  const followUps = new FollowUps({ workflows: store.workflows, plans, runtime, publicUrl });
  const lease = new Lease(options.leaseMs, runtime);
  const worker = roles.includes('worker')
    ? new Worker({
        ...{ store, runtime, committer, plans, tasks, outcomes, stats, lease, followUps, links, changed },
        slots: options.slots,
      })
    : undefined;
  const wake = () => worker?.wake();
  const { host } = options;
  const died = () => changes.missed();
  const rescuer = worker && new Rescuer({ store: store.workers, runtime, host, roles, worker, lease, died });
  const backlog =
    roles.includes('webhook') && options.queueLimit !== undefined
      ? new Backlog({ store: store.executions, runtime, limit: options.queueLimit })
      : undefined;
  const admission = roles.includes('scheduler') ? new Admission({ store: store.flow, runtime }) : undefined;
  const starter = new Starter({ runtime, committer, plans, worker, patienceMs: PATIENCE_MS });
  const triggers = new EventTriggers({ groups: store.eventGroups, starter, runtime });
  const catchUp = new CatchUp({
    ...{ groups: store.eventGroups, executions: store.executions, triggers, runtime, stats, schemas, changed },
  });
  const relay = new Relay({
    messages: store.messages,
    runtime,
    stats,
    changed,
    schemas,
    deliverers: [
      triggers,
      new EventWaits({
        ...{ waits: store.waits, runtime, answered: wake },
        maskOf: (of) => maskOf(store.executions, plans, of),
      }),
    ],
  });
  const scheduler = new Scheduler({ store: store.schedules, plans, runtime, stats, changed });
  const states = new TriggerStates({ store: store.triggerStates, runtime, changed });
  const { brokers } = options;
  const subscriptions =
    worker !== undefined && connections !== undefined && brokers !== undefined
      ? new Subscriptions({
          ...{ brokers, connections, states, runtime, workflows: store.workflows, executions: store.executions },
          places: store.brokerPlaces,
          intake: new Intake({ starter, messages: store.messages, files: store.files, runtime, stats }),
        })
      : undefined;
  const poller =
    connections !== undefined && options.polling !== undefined
      ? new Poller({
          ...{
            store: store.polls,
            messages: store.messages,
            connections,
            secrets,
            plans,
            states,
            dependencies,
            runtime,
            stats,
            changed,
          },
          ...options.polling,
        })
      : undefined;
  const { publishers, nodeTypes } = options;
  const feeds =
    connections !== undefined && brokers !== undefined && publishers !== undefined
      ? new EventFeeds({
          ...{ store: store.eventFeeds, connections, brokers, publishers, nodeTypes },
          ...{ runtime, stats, publicUrl, changed },
        })
      : undefined;
  const projector = new Projector({ sessions: store.sessions, runtime, changed });
  const rules = options.retention ?? KEEP_ALL;
  const scheduled: Service[] = roles.includes('scheduler')
    ? [
        new Timers({ store: store.executions, runtime, fired: wake }),
        createTidier({ store, runtime, messagesMs: options.keepMessagesMs ?? null }),
        new Retention({
          ...{ store: store.retention, figures: store.figures, sessions: store.sessions, runtime, rules, changed },
          keepSessionsMs: options.keepSessionsMs ?? null,
        }),
        createSessionEnds({ sessions: store.sessions, runtime, idleMs: options.sessionIdleMs ?? null }),
        relay,
        catchUp,
        scheduler,
        new Replayer({ store, starter, runtime, schemas, changed }),
        projector,
        new Figures({ store: store.figures, runtime }),
        createDeadLetters({ store: store.deadLetters, runtime, requeued: wake }),
      ]
    : [];
  if (admission !== undefined) scheduled.push(admission);
  if (feeds !== undefined && roles.includes('scheduler')) scheduled.push(feeds);
  if (poller !== undefined && roles.includes('scheduler')) scheduled.push(poller);
  return {
    starter,
    outcomes,
    plans,
    stats,
    committer,
    worker,
    tasks,
    dependencies,
    backlog,
    followUps,
    requeue: new Requeue({ store, runtime, plans, requeued: wake }),
    bulk: createBulkControl({ store: store.executions, posted: wake }),
    admission,
    links,
    retention: rules,
    tokens,
    schemas,
    changes,
    live,
    wake,
    start: async () => {
      await rescuer?.begin();
      if (worker !== undefined) await followUps.refresh();
      await schemas.refresh();
      await store.listen((news) => {
        if (news === 'work') wake();
        if (news === 'messages') relay.wake();
        if (news === 'flow') admission?.wake();
        if (news === 'sessions') projector.wake();
        if (news === 'schedules') {
          scheduler.wake();
          poller?.wake();
        }
        if (news === 'triggers') {
          subscriptions?.wake();
          catchUp.wake();
        }
        if (news === 'tokens') tokens.heard();
        if (news === 'schemas') schemas.wake();
        if (news === 'feeds') feeds?.wake();
      });
      dependencies?.start();
      tokens.start();
      schemas.start();
      changes.start();
      live.start();
      backlog?.start();
      worker?.start();
      if (worker !== undefined) followUps.start();
      rescuer?.start();
      for (const service of scheduled) service.start();
      states.start();
      subscriptions?.start();
    },
    stop: async (drainMs) => {
      // What brokers have sent is acknowledged while commits are still written.
      await subscriptions?.stop();
      await Promise.all([...scheduled.map((service) => service.stop()), backlog?.stop(), worker?.stop()]);
      await states.stop();
      await drained(worker, runtime, drainMs);
      await rescuer?.stop();
      const id = worker?.id;
      // What outlived the drain is aborted here, before another process may begin it again.
      worker?.renew();
      await Promise.all([committer.stop(), followUps.stop(), dependencies?.stop(), tokens.stop()]);
      await Promise.all([changes.stop(), live.stop(), schemas.stop()]);
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
