/** Figures of this process in the format of Prometheus. Counts are read from the engine when somebody asks. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Dependency } from '../engine/dependency.ts';
import type { Engine } from '../engine/engine.ts';
import type { GroupFigures } from '../ports/event-groups.ts';
import type { SessionStore } from '../ports/sessions.ts';
import type { TriggerStateStore } from '../ports/trigger-states.ts';

/** `messageLag`, `scheduleLateness` and `feedLag` in milliseconds. These and those between may reject where the database does not answer. */
export function createMetrics(
  engine: Engine,
  messageLag: () => Promise<number>,
  flowWaiting: () => Promise<number>,
  newLetters: () => Promise<number>,
  activeSessions: SessionStore['active'],
  scheduleLateness: () => Promise<number>,
  triggerErrors: () => ReturnType<TriggerStateStore['errors']>,
  feedLag: () => Promise<number>,
  eventGroups: () => Promise<GroupFigures>,
): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'myelin_events_total',
    help: 'Events written by this process, by type',
    labelNames: ['type'],
    registers,
    collect() {
      this.reset();
      for (const [type, count] of engine.stats.events) this.inc({ type }, count);
    },
  });
  new Counter({
    name: 'myelin_commit_batches_total',
    help: 'Transactions of the committer',
    registers,
    collect() {
      this.reset();
      this.inc(engine.committer.batches);
    },
  });
  new Counter({
    name: 'myelin_messages_relayed_total',
    help: 'Messages that this process delivered',
    registers,
    collect() {
      this.reset();
      this.inc(engine.stats.relayed);
    },
  });
  new Gauge({
    name: 'myelin_message_lag_seconds',
    help: 'Age of the oldest message that is not delivered',
    registers,
    async collect() {
      // Without a database the last figure stands: the others must be read all the same.
      await messageLag().then(
        (ms) => this.set(ms / 1000),
        () => undefined,
      );
    },
  });
  new Counter({
    name: 'myelin_flow_admitted_total',
    help: 'Executions that this process let begin after they had waited for a limit',
    registers,
    collect() {
      this.reset();
      this.inc(engine.admission?.admitted ?? 0);
    },
  });
  new Gauge({
    name: 'myelin_flow_waiting',
    help: 'Executions that flow control holds, of all processes',
    registers,
    async collect() {
      await flowWaiting().then(
        (count) => this.set(count),
        () => undefined,
      );
    },
  });
  new Counter({
    name: 'myelin_dead_letters_total',
    help: 'Executions of this process that failed for good, by category',
    labelNames: ['category'],
    registers,
    collect() {
      this.reset();
      for (const [category, count] of engine.stats.letters) this.inc({ category }, count);
    },
  });
  new Gauge({
    name: 'myelin_dead_letters_new',
    help: 'Dead letters that nobody has looked at, of all processes',
    registers,
    async collect() {
      await newLetters().then(
        (count) => this.set(count),
        () => undefined,
      );
    },
  });
  new Gauge({
    name: 'agent_sessions_active',
    help: 'Sessions that have not ended, by agent, of all projects; the 100 agents that have most',
    labelNames: ['agent_type'],
    registers,
    async collect() {
      const counts = await activeSessions().catch(() => undefined);
      if (counts === undefined) return;
      this.reset();
      for (const { agent, sessions } of counts) this.set({ agent_type: agent }, sessions);
    },
  });
  new Gauge({
    name: 'myelin_trigger_errors',
    help: 'Triggers that cannot listen at what they listen to, by type, of all processes',
    labelNames: ['type'],
    registers,
    async collect() {
      const counts = await triggerErrors().catch(() => undefined);
      if (counts === undefined) return;
      this.reset();
      for (const { type, count } of counts) this.set({ type }, count);
    },
  });
  scheduleMetrics(registry, engine, scheduleLateness);
  feedMetrics(registry, engine, feedLag);
  groupMetrics(registry, engine, eventGroups);
  callCounters(registry, engine);
  gauge(registry, 'myelin_resident_executions', 'Executions in memory', () => engine.worker?.size ?? 0);
  gauge(registry, 'myelin_running_tasks', 'Attempts of tasks at work', () => engine.tasks.running);
  dependencyGauges(registry, engine);
  gauge(registry, 'myelin_queue_full', '1 while webhooks are refused, since too many executions wait', () =>
    engine.backlog?.full ? 1 : 0,
  );
  gauge(registry, 'myelin_database_up', '0 while commits wait for the database', () =>
    engine.committer.available ? 1 : 0,
  );
  return registry;
}

function scheduleMetrics(registry: Registry, { stats }: Engine, lateness: () => Promise<number>): void {
  const registers = [registry];
  new Counter({
    name: 'myelin_schedules_started_total',
    help: 'Executions that schedules started in this process; late: more than a minute after they were due',
    labelNames: ['late'],
    registers,
    collect() {
      this.reset();
      this.inc({ late: 'true' }, stats.scheduledLate);
      this.inc({ late: 'false' }, stats.scheduled - stats.scheduledLate);
    },
  });
  new Gauge({
    name: 'myelin_schedule_lateness_seconds',
    help: 'How long the most overdue schedule has been due, of all processes',
    registers,
    async collect() {
      await lateness().then(
        (ms) => this.set(ms / 1000),
        () => undefined,
      );
    },
  });
}

function feedMetrics(registry: Registry, { stats }: Engine, lag: () => Promise<number>): void {
  const registers = [registry];
  new Counter({
    name: 'myelin_event_feed_sent_total',
    help: 'Events that feeds sent to brokers from this process',
    registers,
    collect() {
      this.reset();
      this.inc(stats.fed);
    },
  });
  new Gauge({
    name: 'myelin_event_feed_lag_seconds',
    help: 'Age of the oldest event that a feed has not sent, of all processes',
    registers,
    async collect() {
      await lag().then(
        (ms) => this.set(ms / 1000),
        () => undefined,
      );
    },
  });
}

function groupMetrics(registry: Registry, { stats }: Engine, read: () => Promise<GroupFigures>): void {
  const registers = [registry];
  new Counter({
    name: 'myelin_event_group_messages_total',
    help: 'Messages that this process delivered to groups that catch up',
    registers,
    collect() {
      this.reset();
      this.inc(stats.caughtUp);
    },
  });
  const lag = new Gauge({
    name: 'myelin_event_group_lag_seconds',
    help: 'How far behind the group of event triggers is that is furthest, among those that catch up, of all projects',
    registers,
  });
  new Gauge({
    name: 'myelin_event_groups_behind',
    help: 'Groups of event triggers that are not at the head of the log, by state, of all projects',
    labelNames: ['state'],
    registers,
    async collect() {
      const figures = await read().catch(() => undefined);
      if (figures === undefined) return;
      this.set({ state: 'catching_up' }, figures.catchingUp);
      this.set({ state: 'paused' }, figures.paused);
      lag.set(figures.lagMs / 1000);
    },
  });
}

/** Of calls of models that this process has settled. */
function callCounters(registry: Registry, { stats }: Engine): void {
  const { models } = stats.calls;
  const registers = [registry];
  new Counter({
    name: 'agent_llm_requests_total',
    help: 'Calls of models that ended: paid, free (refused before they cost anything) or unknown',
    labelNames: ['model', 'status'],
    registers,
    collect() {
      this.reset();
      for (const [model, { calls }] of models) for (const [status, n] of calls) this.inc({ model, status }, n);
    },
  });
  new Counter({
    name: 'agent_llm_tokens_used_total',
    help: 'Tokens that models read (input) and wrote (output)',
    labelNames: ['model', 'token_type'],
    registers,
    collect() {
      this.reset();
      for (const [model, { inputTokens, outputTokens }] of models) {
        this.inc({ model, token_type: 'input' }, inputTokens);
        this.inc({ model, token_type: 'output' }, outputTokens);
      }
    },
  });
  new Counter({
    name: 'myelin_model_cost_total',
    help: 'What calls of models cost, in units of the currency; those of unknown end at their estimate',
    labelNames: ['model', 'currency'],
    registers,
    collect() {
      this.reset();
      for (const [model, { cost }] of models) for (const [currency, n] of cost) this.inc({ model, currency }, n);
    },
  });
}

const STATES = { closed: 0, half_open: 1, open: 2 } as const;

/** One line for each host or model that this process has used within a minute. */
function dependencyGauges(registry: Registry, engine: Engine): void {
  const of = (name: string, help: string, read: (one: Dependency) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['project', 'name'],
      registers: [registry],
      collect() {
        this.reset();
        for (const one of engine.dependencies?.all() ?? []) {
          this.set({ project: one.projectId, name: one.name }, read(one));
        }
      },
    });
  of('myelin_circuit_state', 'Circuit of a host or model: 0 closed, 1 half-open, 2 open', (one) => STATES[one.state]);
  of('myelin_dependency_in_flight', 'Calls to a host or model on their way', (one) => one.gate.inside);
  of('myelin_dependency_limit', 'Calls to a host or model allowed at once', (one) => one.gate.limit);
  of('myelin_dependency_waiting', 'Tasks that wait for their turn at a host or model', (one) => one.gate.waiting);
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
