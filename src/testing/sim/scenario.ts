/**
 * What happens in a run, besides what the engine does: processes come and go, clocks jump, callers call. For a while
 * things go wrong; then they stop going wrong, and everything that was begun must come to its end.
 */
import type { ExecutionRecord } from '../../adapters/memory/database.ts';
import { hasEnded } from '../../core/execution/index.ts';
import { REVIVING } from '../../ports/store.ts';
import { Client, type ClientOptions } from './client.ts';
import { CALM, drawFaults, type Faults } from './faults.ts';
import { SimProcess, type Surroundings } from './process.ts';

type Options = Omit<Surroundings, 'faults' | 'died'> & Omit<ClientOptions, 'living'>;

const ROLES = [['worker', 'scheduler'], ['worker', 'scheduler'], ['worker'], ['scheduler'], []];
const MOST_PROCESSES = 4;
/** Nothing at all was written for so long, with nothing going wrong any more: it stands still. */
const STILL_MS = 100_000;
const LOOK_MS = 500;
/** Nothing was written for so long: those that wait may keep the slots that others need. */
const HELD_MS = 25_000;

export class Scenario {
  readonly #options: Options;
  readonly #processes: SimProcess[] = [];
  readonly #client: Client;
  #faults: Faults;
  #healed = false;
  #names = 0;
  #seen = { events: 0, at: 0 };

  constructor(options: Options) {
    this.#options = options;
    const { world } = options;
    this.#faults = drawFaults(world.chance);
    this.#client = new Client({ ...options, living: () => this.#living() });
  }

  get crashes(): number {
    return this.#processes.filter(({ alive }) => !alive).length;
  }

  /** Enters everything into the agenda of the world. */
  begin(): void {
    const { world } = this.#options;
    const { chance } = world;
    const troubledMs = chance.pick([5_000, 20_000, 60_000]);
    const calm = this.#faults === CALM;
    for (let count = chance.int(1, MOST_PROCESSES); count > 0; count--) {
      world.after(chance.happens(0.5) ? 0 : chance.int(0, 5_000), () => this.#launch());
    }
    this.#scatter(chance.int(1, 5), troubledMs, () => this.#client.start());
    this.#scatter(chance.int(0, 3), troubledMs, () => this.#client.steer());
    this.#scatter(chance.int(0, 4), troubledMs, () => this.#client.answer());
    this.#scatter(chance.int(0, 3), troubledMs * 1.5, () => this.#client.retry());
    if (!calm) {
      this.#scatter(chance.int(0, 3), troubledMs, () => this.#any()?.crash('of SIGKILL'));
      this.#scatter(chance.int(0, 2), troubledMs, () => this.#any()?.stop());
      this.#scatter(chance.int(0, 3), troubledMs, () => this.#suspend());
      this.#scatter(chance.int(0, 3), troubledMs, () => this.#jump());
    }
    world.after(troubledMs, () => this.#heal());
  }

  #scatter(count: number, withinMs: number, happens: () => void): void {
    const { world } = this.#options;
    for (let left = count; left > 0; left--) world.after(world.chance.int(0, withinMs), happens);
  }

  #living(): SimProcess[] {
    return this.#processes.filter(({ alive }) => alive);
  }

  #any(): SimProcess | undefined {
    const living = this.#living();
    return living.length === 0 ? undefined : this.#options.world.chance.pick(living);
  }

  #launch(roles?: readonly string[]): void {
    const { world } = this.#options;
    const { chance } = world;
    const host = chance.pick(['north', 'north', 'south']);
    const free = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((pid) => !this.#isAlive(host, pid));
    const process = new SimProcess(
      { ...this.#options, faults: () => this.#faults, died: () => this.#replace() },
      {
        name: `p${++this.#names}`,
        host,
        pid: chance.pick(free),
        roles: roles ?? chance.pick(ROLES),
        skew: this.#faults !== CALM && chance.happens(0.2) ? chance.int(-300_000, 300_000) : 0,
        isAlive: (on, pid) => this.#isAlive(on, pid),
      },
    );
    this.#processes.push(process);
    process.start();
  }

  #isAlive(host: string, pid: number): boolean {
    return this.#processes.some((one) => one.alive && one.host === host && one.pid === pid);
  }

  /** Somebody starts another one, sooner or later. */
  #replace(): void {
    const { world } = this.#options;
    if (this.#healed) return void world.after(100, () => this.#man());
    if (world.chance.happens(0.2)) return;
    world.after(world.chance.pick([10, 500, 8_000]), () => {
      if (!this.#healed && this.#living().length < MOST_PROCESSES) this.#launch();
    });
  }

  #suspend(): void {
    const { world } = this.#options;
    const process = this.#any();
    if (process === undefined || process.paused || this.#healed) return;
    process.pause();
    world.after(world.chance.pick([50, 3_000, 25_000, 45_000]), () => process.resume());
  }

  /** A clock is set: of a process, or of the database. */
  #jump(): void {
    const { world } = this.#options;
    const { chance } = world;
    const ms = chance.pick([-3_600_000, -20_000, -500, 500, 20_000, 3_600_000]);
    const process = chance.happens(0.7) ? this.#any() : undefined;
    world.say(process?.name ?? 'database', () => `has its clock set by ${ms} ms`);
    if (process !== undefined) process.clock.skew += ms;
    else world.databaseSkew += Math.max(-30_000, Math.min(30_000, ms));
  }

  #heal(): void {
    const { world } = this.#options;
    world.say('world', () => 'nothing goes wrong from now on');
    this.#healed = true;
    this.#faults = CALM;
    for (const process of this.#living()) process.resume();
    this.#man();
    this.#seen = { events: -1, at: world.time };
    this.#look();
  }

  /** There is somebody for every role. */
  #man(): void {
    for (const role of ['worker', 'scheduler']) {
      if (!this.#living().some(({ roles }) => roles.includes(role))) this.#launch(['worker', 'scheduler']);
    }
  }

  /** Looks again and again if everything has come to its end. */
  #look(): void {
    const { world, witness } = this.#options;
    if (this.#isSettled()) {
      witness.replayAll();
      world.over = true;
      return;
    }
    if (witness.events !== this.#seen.events || this.#client.open > 0) {
      this.#seen = { events: witness.events, at: world.time };
    }
    if (world.time - this.#seen.at > STILL_MS) return world.blame(`it stands still: ${this.#unsettled().join('; ')}`);
    if (world.chance.happens(0.1)) this.#client.attend();
    this.#skip();
    world.after(LOOK_MS, () => this.#look());
  }

  #isSettled(): boolean {
    return this.#client.open === 0 && this.#unsettled().length === 0;
  }

  #unsettled(): string[] {
    const found: string[] = [];
    for (const record of this.#options.database.executions.values()) {
      const { id, status, owner } = record;
      if (!hasEnded(status)) found.push(`${id} is ${status}, owned by ${owner ?? 'nobody'}`);
      else if (this.#isCalled(record)) found.push(`${id} is ${status} and called back`);
    }
    for (const { name, engine } of this.#living()) {
      if (engine.worker !== undefined && engine.worker.size > 0) found.push(`${name} holds ${engine.worker.size}`);
    }
    return found;
  }

  /** A signal waits that brings it back to work: one that has failed goes on only where a person wants it to. */
  #isCalled({ id, status }: ExecutionRecord): boolean {
    const signals = this.#options.database.signals.get(id) ?? [];
    return signals.some(({ body }) => !hasEnded(status) || REVIVING.includes(JSON.parse(body).type));
  }

  /** Where only timers are waited for, their time comes at once: a wait of days costs nothing. */
  #skip(): void {
    const { database, witness, world } = this.#options;
    const isQuiet = [...database.executions.values()].every((one) => {
      const { tasks, waits, paused } = witness.state(one.id);
      const waitsOnly = tasks.size === 0 && (waits.size > 0 || paused);
      return (hasEnded(one.status) || waitsOnly) && !this.#isCalled(one);
    });
    const clocks = this.#living().filter(({ roles }) => roles.includes('scheduler'));
    const earliest = Math.min(...[...database.timers.values()].map(({ at }) => at));
    const latest = Math.max(...clocks.map(({ clock }) => world.now + clock.skew));
    const isHeld = world.time - this.#seen.at > HELD_MS;
    if (!(isQuiet || isHeld) || clocks.length === 0 || !Number.isFinite(earliest) || earliest <= latest) return;
    world.say('world', () => `skips ${earliest - latest} ms of waiting`);
    world.ahead += earliest - latest;
  }
}
