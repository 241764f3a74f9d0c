/**
 * Virtual time and what happens in it. One entry of the agenda at a time; between two, everything that can go on
 * without time passing goes on to its end, so a run is a sequence and the same seed gives the same one.
 */
import { Agenda, type Entry } from './agenda.ts';
import type { Chance } from './chance.ts';

/** Who something happens to: a process may be stopped for a while, or gone. */
export interface Life {
  readonly name: string;
  readonly alive: boolean;
  readonly paused: boolean;
  /** Kept until it goes on. */
  hold(run: () => void): void;
}

/** The virtual day on which every run begins. */
const EPOCH = Date.UTC(2027, 0, 1);
const LONGEST_STORY = 5_000;

export class World {
  readonly chance: Chance;
  /** What was found to be wrong first; the run ends with it. */
  fault: string | undefined;
  over = false;
  /** Entries of the agenda so far. */
  steps = 0;
  /** What every clock on a wall is ahead of the time that has passed: long waits are skipped, not sat out. */
  ahead = 0;
  /** What the clock of the database is ahead of the right time. */
  databaseSkew = 0;
  readonly #agenda = new Agenda();
  readonly #story: string[] | undefined;
  #time = 0;
  #ids = 0;

  constructor(chance: Chance, tells: boolean) {
    this.chance = chance;
    this.#story = tells ? [] : undefined;
  }

  /** Milliseconds since the run began. */
  get time(): number {
    return this.#time;
  }

  /** The right time, in milliseconds since the epoch. */
  get now(): number {
    return EPOCH + this.#time + this.ahead;
  }

  /** By the clock of the database, which leases go by. */
  get databaseNow(): number {
    return EPOCH + this.#time + this.databaseSkew;
  }

  get story(): readonly string[] {
    return this.#story ?? [];
  }

  /** Ordered as they are made, as UUIDv7 are. */
  id(): string {
    this.#ids += 1;
    return `id-${String(this.#ids).padStart(5, '0')}`;
  }

  /** Happens after so many milliseconds; not to one who is dead by then, and later to one who is stopped. */
  after(ms: number, run: () => void, life?: Life): Entry {
    if (life === undefined) return this.#agenda.add(this.#time + ms, run);
    return this.#agenda.add(this.#time + ms, () => {
      if (!life.alive) return;
      if (life.paused) life.hold(run);
      else run();
    });
  }

  say(who: string, what: () => string): void {
    if (this.#story === undefined || this.fault !== undefined) return;
    this.#story.push(`${(this.#time / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(8)} ${what()}`);
    if (this.#story.length > LONGEST_STORY) this.#story.splice(0, LONGEST_STORY / 2);
  }

  /** A rule is broken: the run ends here. */
  blame(fault: string): void {
    if (this.fault !== undefined) return;
    this.say('FAULT', () => fault);
    this.fault = fault;
  }

  /** Lets things happen until `over`, or a fault. */
  live(): Promise<void> {
    return new Promise((resolve) => {
      const turn = () => {
        const entry = this.over || this.fault !== undefined ? undefined : this.#agenda.take();
        if (entry === undefined) return resolve();
        this.#time = entry.at;
        this.steps += 1;
        entry.run();
        // The platform's own turn: whatever was promised is kept before the next entry.
        setImmediate(turn);
      };
      setImmediate(turn);
    });
  }
}
