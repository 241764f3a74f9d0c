/**
 * Those who use the processes from outside: they start executions, and start them again with the same key until
 * somebody acknowledges; they cancel, and they ask for failed ones to be tried again.
 */
import type { Database } from '../../adapters/memory/database.ts';
import { DEFAULT_PROJECT, type SignalBody } from '../../ports/store.ts';
import type { SimProcess } from './process.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

export interface ClientOptions {
  readonly world: World;
  readonly database: Database;
  readonly witness: Witness;
  /** Ids of the workflows. */
  readonly workflows: readonly string[];
  readonly living: () => readonly SimProcess[];
}

/** A caller waits so long for an answer. */
const PATIENCE_MS = 6_000;
const KEY_TTL_MS = 30 * 86_400_000;
/** Retries by hand, of one execution. */
const RETRIES = 2;

export class Client {
  readonly #options: ClientOptions;
  readonly #retries = new Map<string, number>();
  #keys = 0;
  /** Starts that nobody has acknowledged and nobody has given up. */
  open = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Starts one execution, or several together; most of them with a key, and sometimes twice at once. */
  start(): void {
    const { chance } = this.#options.world;
    const workflowId = chance.pick(this.#options.workflows);
    const key = chance.happens(0.8) ? `key-${++this.#keys}` : undefined;
    this.#ask(workflowId, key);
    if (key !== undefined && chance.happens(0.2)) this.#ask(workflowId, key);
  }

  cancel(): void {
    const { database, world } = this.#options;
    const ids = [...database.executions.keys()];
    if (ids.length > 0) this.#post(world.chance.pick(ids), { type: 'cancel', reason: 'by a person' });
  }

  retry(): void {
    const { database, world } = this.#options;
    const failed = [...database.executions.values()].filter(
      ({ id, status }) => status === 'failed' && (this.#retries.get(id) ?? 0) < RETRIES,
    );
    if (failed.length === 0) return;
    const { id } = world.chance.pick(failed);
    this.#retries.set(id, (this.#retries.get(id) ?? 0) + 1);
    this.#post(id, { type: 'retry', reason: 'by a person' });
  }

  /** Asks any process; where no answer comes, another one, as long as there is a key that makes this safe. */
  #ask(workflowId: string, key: string | undefined): void {
    const { world, witness } = this.#options;
    this.open += 1;
    let answered = false;
    const once = (then: () => void) => () => {
      if (answered) return;
      answered = true;
      patience.off = true;
      this.open -= 1;
      then();
    };
    const again = once(() => {
      if (key !== undefined) this.#later(() => this.#ask(workflowId, key));
    });
    const patience = world.after(PATIENCE_MS, again);
    const process = this.#anyone();
    if (process === undefined) return again();
    world.say('client', () => `asks ${process.name} for ${workflowId}${key === undefined ? '' : ` with ${key}`}`);
    this.#begin(process, workflowId, key).then(
      (executionId) => once(() => witness.acknowledged(executionId, key))(),
      () => again(),
    );
  }

  async #begin(process: SimProcess, workflowId: string, key: string | undefined): Promise<string> {
    const { world } = this.#options;
    const start = {
      projectId: DEFAULT_PROJECT,
      workflowId,
      version: 1,
      triggerId: 'manual',
      trigger: { n: world.chance.int(0, 5) },
      ...(key === undefined ? {} : { key: { key, expiresAt: world.now + KEY_TTL_MS } }),
    };
    const { starter } = process.engine;
    if (world.chance.happens(0.8)) return (await starter.start(start)).executionId;
    const [started] = await starter.startMany([start]);
    return started?.executionId as string;
  }

  #later(then: () => void): void {
    this.open += 1;
    this.#options.world.after(this.#options.world.chance.int(100, 2_000), () => {
      this.open -= 1;
      then();
    });
  }

  /** What the API does; a caller who hears of an error may or may not come back. */
  #post(executionId: string, signal: SignalBody): void {
    const { world } = this.#options;
    const process = this.#anyone();
    world.say('client', () => `asks ${process?.name} to ${signal.type} ${executionId}`);
    const posted = process?.store.executions.post({ executionId, projectId: DEFAULT_PROJECT, signal });
    posted?.then(
      () => process?.engine.wake(),
      () => undefined,
    );
  }

  #anyone(): SimProcess | undefined {
    const living = this.#options.living();
    return living.length === 0 ? undefined : this.#options.world.chance.pick(living);
  }
}
