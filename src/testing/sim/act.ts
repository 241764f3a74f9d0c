/** The task of the simulation, and the world it acts on: what became of every attempt is remembered, and asked for. */
import { z } from 'zod';
import type { Database } from '../../adapters/memory/database.ts';
import { MyelinError } from '../../core/errors.ts';
import type { NodeResult, TaskContext, TaskNode } from '../../core/node-type.ts';
import type { Life, World } from './world.ts';

const actConfig = z.strictObject({
  effect: z.enum(['read', 'idempotent', 'reconcilable', 'irreversible']),
  /** `hang`: only its time limit or a cancel ends it. */
  does: z.enum(['succeed', 'flicker', 'break', 'hang']),
  /** Longest it takes, in milliseconds. */
  ms: z.int(),
});
type ActConfig = z.infer<typeof actConfig>;

export class Ledger {
  readonly #world: World;
  readonly #database: Database;
  /** Attempts that have taken effect, by key. */
  readonly #effects = new Map<string, Set<number>>();
  /** Key by execution and path. */
  readonly #keys = new Map<string, string>();
  count = 0;

  constructor(world: World, database: Database) {
    this.#world = world;
    this.#database = database;
  }

  has(key: string): boolean {
    return this.#effects.has(key);
  }

  /** A task begins: everything before it, and its own beginning, must be durable. */
  begins(by: Life, { executionId, path, attempt }: TaskContext): void {
    this.#world.say(by.name, () => `runs ${executionId} ${path}, attempt ${attempt}`);
    if (this.#isRecorded(executionId, path, attempt)) return;
    this.#world.blame(`${by.name} runs ${path} of ${executionId}, attempt ${attempt}, of which nothing is recorded`);
  }

  /** Something happens in the world that nobody takes back. */
  effect(by: Life, { executionId, path, attempt, idempotencyKey }: TaskContext): void {
    this.#world.say(by.name, () => `${executionId} ${path}, attempt ${attempt}, takes effect`);
    this.count += 1;
    const place = `${executionId} ${path}`;
    const key = this.#keys.get(place) ?? idempotencyKey;
    this.#keys.set(place, idempotencyKey);
    if (key !== idempotencyKey && !this.#isRenewed(executionId)) {
      this.#world.blame(`${place} acts with the key ${idempotencyKey}, and had ${key}`);
    }
    const attempts = this.#effects.get(idempotencyKey) ?? new Set();
    if (attempts.has(attempt)) this.#world.blame(`attempt ${attempt} of ${place} takes effect twice`);
    this.#effects.set(idempotencyKey, attempts.add(attempt));
  }

  /** A person let what had finished run again: then it is another effect. */
  #isRenewed(executionId: string): boolean {
    const events = this.#database.executions.get(executionId)?.events ?? [];
    return events.some(({ type }) => type === 'execution.retried');
  }

  #isRecorded(executionId: string, path: string, attempt: number): boolean {
    return (this.#database.executions.get(executionId)?.events ?? []).some(({ type, data }) => {
      if (type !== 'node.started') return false;
      const started = JSON.parse(data);
      return started.path === path && started.attempt === attempt;
    });
  }

  /** Runs one attempt, for a process. */
  async run(by: Life, config: ActConfig, task: TaskContext): Promise<NodeResult> {
    const { chance } = this.#world;
    this.begins(by, task);
    if (config.does === 'hang') await this.#pause(by, Number.POSITIVE_INFINITY, task.signal);
    const ms = chance.int(0, config.ms);
    await this.#pause(by, ms, task.signal);
    // An abort may come too late: some tasks have acted by then.
    if (!by.alive || (task.signal.aborted && chance.happens(0.5))) throw new MyelinError('interrupted');
    const luck = config.does === 'break' ? 0 : config.does === 'flicker' ? chance.next() : 1;
    // What fails may have acted, too.
    if (luck > 0.3 || chance.happens(0.3)) this.effect(by, task);
    await this.#pause(by, chance.int(0, config.ms), task.signal);
    if (luck < 0.6) throw new MyelinError(luck === 0 || luck > 0.5 ? 'node_failed' : 'connection_failed');
    return { output: { n: chance.int(0, 5) } };
  }

  #pause(by: Life, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      if (ms !== Number.POSITIVE_INFINITY) this.#world.after(ms, end, by);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}

/** `act`, as one process runs it. */
export function actNode(ledger: Ledger, by: Life): TaskNode<ActConfig> {
  return {
    type: 'act',
    version: 1,
    description: 'A task of the simulation.',
    example: { effect: 'read', does: 'succeed', ms: 10 },
    config: actConfig,
    ports: () => ['out', 'error'],
    effect: ({ effect }) => effect,
    run: (config, task) => ledger.run(by, config, task),
    reconcile: async (_, { idempotencyKey }) => (ledger.has(idempotencyKey) ? { output: { n: 0 } } : null),
  };
}
