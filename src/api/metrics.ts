/** Figures of this process in the format of Prometheus. Counts are read from the engine when somebody asks. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Engine } from '../engine/engine.ts';

export function createMetrics(engine: Engine): Registry {
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
  gauge(registry, 'myelin_resident_executions', 'Executions in memory', () => engine.worker?.size ?? 0);
  gauge(registry, 'myelin_running_tasks', 'Attempts of tasks at work', () => engine.tasks.running);
  gauge(registry, 'myelin_database_up', '0 while commits wait for the database', () =>
    engine.committer.available ? 1 : 0,
  );
  return registry;
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
