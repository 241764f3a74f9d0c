/** One process: the real engine, on its own way to the database. It can be stopped for a while, ended, or die. */
import type { Database } from '../../adapters/memory/database.ts';
import { memoryStore } from '../../adapters/memory/store.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';
import type { Store } from '../../ports/store.ts';
import type { Ledger } from './act.ts';
import type { Faults } from './faults.ts';
import { simNodeTypes } from './node-types.ts';
import { simRuntime } from './runtime.ts';
import { type Caller, createGate, type Gate, type GateOptions, simListen, simStore, type Watch } from './store.ts';
import type { World } from './world.ts';

/** A bug planted in a process: operations of the store that are not what they should be. */
export type Plant = (inner: Store, gate: Gate, database: Database) => Partial<Store['executions']>;

export interface Surroundings {
  readonly world: World;
  readonly database: Database;
  readonly watch: Watch;
  readonly ledger: Ledger;
  readonly faults: () => Faults;
  readonly plant: Plant | undefined;
  /** The same for all: whoever is silent for longer is dead to the others. */
  readonly leaseMs: number;
  /** A process has died. */
  readonly died: (process: SimProcess) => void;
}

export interface ProcessOptions {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly roles: readonly string[];
  readonly skew: number;
  readonly isAlive: (host: string, pid: number) => boolean;
}

/** What a stopped process gets to end its work, in milliseconds. */
const DRAIN_MS = 5_000;

export class SimProcess implements Caller {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly roles: readonly string[];
  readonly clock: { skew: number };
  readonly engine: Engine;
  readonly store: Store;
  alive = true;
  paused = false;
  readonly #surroundings: Surroundings;
  #held: (() => void)[] = [];

  constructor(surroundings: Surroundings, options: ProcessOptions) {
    const { world, database, watch, ledger, faults, plant, leaseMs } = surroundings;
    const { name, host, pid, roles, skew } = options;
    this.#surroundings = surroundings;
    this.name = name;
    this.host = host;
    this.pid = pid;
    this.roles = roles;
    this.clock = { skew };
    const { chance } = world;
    const inner = memoryStore({ ...simRuntime(world, this, this.clock), now: () => world.databaseNow }, database);
    const gated: GateOptions = { world, chance, caller: this, watch, faults };
    const gate = createGate(gated);
    const store = simStore(inner, gate, simListen(gated, inner));
    this.store =
      plant === undefined ? store : { ...store, executions: { ...store.executions, ...plant(inner, gate, database) } };
    this.engine = createEngine({
      store: this.store,
      runtime: simRuntime(world, this, this.clock),
      secrets: { get: async () => undefined },
      nodeTypes: simNodeTypes(ledger, this),
      host: { name: host, pid, isAlive: (other) => options.isAlive(host, other) },
      roles,
      slots: chance.pick([1, 2, 5, 50]),
      taskConcurrency: chance.pick([1, 3, 10]),
      commitBatch: chance.pick([1, 3, 100]),
      leaseMs,
    });
  }

  /** A process whose start fails ends, as the program does. */
  start(): void {
    this.#say(() => `starts on ${this.host} as ${this.roles.join(', ') || 'api'}`);
    this.engine.start().catch((error) => this.crash(`while it starts: ${error.message}`));
  }

  crash(why: string): void {
    if (!this.alive) return;
    this.#say(() => `dies ${why}`);
    this.alive = false;
    this.#held = [];
    this.#surroundings.died(this);
  }

  /** SIGTERM. */
  stop(): void {
    this.#say(() => 'is told to end');
    void this.engine.stop(DRAIN_MS).then(() => this.crash('in peace'));
  }

  /** SIGSTOP. */
  pause(): void {
    this.#say(() => 'is stopped');
    this.paused = true;
  }

  /** SIGCONT: everything that came meanwhile comes at once. */
  resume(): void {
    if (!this.alive || !this.paused) return;
    this.#say(() => 'goes on');
    this.paused = false;
    for (const run of this.#held.splice(0)) this.#surroundings.world.after(0, run, this);
  }

  hold(run: () => void): void {
    this.#held.push(run);
  }

  #say(what: () => string): void {
    this.#surroundings.world.say(this.name, what);
  }
}
