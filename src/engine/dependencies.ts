/**
 * Stands before the calls of tasks to hosts and models: each waits for its turn at its own dependency before it takes
 * one of the worker's slots, and an open circuit turns it away at once. What fails is told to the store a few times a
 * second, and what others told is heard once a second, as long as something is used; a call itself asks the store
 * nothing, except the first one after a minute's silence and the probe of an open circuit.
 */
import { type CircuitPolicy, type Verdict, verdictOf } from '../core/circuit.ts';
import { toErrorInfo } from '../core/errors.ts';
import type { BreakerStore, CircuitName, CircuitRow } from '../ports/breakers.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import { type CallLimits, Dependency, type DependencyLimits } from './dependency.ts';
import { Loop } from './loop.ts';
import type { Pace } from './pace.ts';

export interface DependencySettings extends DependencyLimits {
  /** Undefined: circuits stay closed whatever happens. */
  readonly circuit: CircuitPolicy | undefined;
  /** What one dependency takes, where that is known; absent: all are treated alike. */
  readonly limitsOf?: (name: string) => CallLimits | undefined;
}

export interface DependenciesOptions extends DependencySettings {
  readonly store: BreakerStore;
  readonly runtime: Runtime;
}

/** A place among the calls to a dependency. To be left, whatever happens. */
export interface Place {
  /** Throws `circuit_open` where the circuit lets nobody through, else what `run` throws. */
  call<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T>;
  leave(): void;
}

/** Between two tellings, at least. */
const TELL_MS = 250;
/** Between looks at what other processes told. */
const LOOK_MS = 1_000;
/** A dependency not used for so long is forgotten. */
const KEPT_MS = 60_000;
/** A probe that takes longer is given up, and another may go. */
const PROBE_MS = 60_000;
const NONE: Verdict = { is: 'none', pauseMs: 0 };

export class Dependencies implements Service {
  readonly #options: DependenciesOptions;
  readonly #known = new Map<string, Dependency>();
  /** First looks at new ones. */
  readonly #meeting = new Map<Dependency, Promise<void>>();
  readonly #loop: Loop;
  #toldAt = 0;
  #lookedAt = 0;

  constructor(options: DependenciesOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'dependencies', runtime: options.runtime, round: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  runOnce(): Promise<void> {
    return this.#loop.runOnce();
  }

  /** Those used lately. */
  all(): Iterable<Dependency> {
    return this.#known.values();
  }

  /** Resolves when it is the caller's turn. Throws `circuit_open`, or the reason of the signal. */
  async enter(name: CircuitName, signal: AbortSignal): Promise<Place> {
    const one = this.#of(name);
    one.usedAt = this.#options.runtime.now();
    const meeting = this.#meeting.get(one);
    if (meeting !== undefined) await meeting;
    const now = this.#options.runtime.now();
    if (one.state !== 'closed' && now < one.until) throw one.refusal(now);
    if (!one.gate.tryEnter()) await one.gate.enter(signal);
    if (one.pace !== undefined) await this.#paced(one, one.pace, signal);
    return { call: (called, run) => this.#call(one, called, run), leave: () => one.gate.leave() };
  }

  /** Its turn by the minute. Who is called off meanwhile takes nobody's. */
  async #paced(one: Dependency, pace: Pace, signal: AbortSignal): Promise<void> {
    const { runtime } = this.#options;
    const waitMs = pace.reserve(runtime.now());
    if (waitMs > 0) await runtime.sleep(waitMs, signal);
    if (!signal.aborted) return;
    pace.giveBack();
    one.gate.leave();
    throw signal.reason;
  }

  async #call<T>(one: Dependency, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    const { runtime } = this.#options;
    const probe = one.state === 'closed' ? undefined : await this.#probe(one);
    const began = runtime.now();
    let verdict = NONE;
    try {
      const result = await run();
      verdict = verdictOf(undefined);
      return result;
    } catch (thrown) {
      if (!signal.aborted) verdict = verdictOf(toErrorInfo(thrown));
      throw thrown;
    } finally {
      if (probe !== undefined) await this.#settle(one, probe, verdict);
      else this.#count(one, verdict, runtime.now() - began);
    }
  }

  /** The token of the one probe that all processes together let through; undefined: it is closed by now. */
  async #probe(one: Dependency): Promise<string | undefined> {
    const { store, runtime } = this.#options;
    if (one.probing || runtime.now() < one.until) throw one.refusal(runtime.now());
    const token = runtime.id();
    one.probing = true;
    const row = await store.probe(one, token, PROBE_MS).catch(() => {
      one.probing = false;
      throw one.refusal(runtime.now());
    });
    this.#learn(one, row);
    if (row?.probe === token) return token;
    one.probing = false;
    if (one.state === 'closed') return undefined;
    throw one.refusal(runtime.now());
  }

  /** Where the store does not hear of it, the lease of the probe ends by itself. */
  async #settle(one: Dependency, token: string, verdict: Verdict): Promise<void> {
    const { store, circuit } = this.#options;
    try {
      await store.settle(one, token, verdict, circuit!);
      this.#learn(one, (await store.look([one]))[0]);
    } catch (thrown) {
      this.#options.runtime.log.warn({ error: toErrorInfo(thrown, 'internal') }, 'a probe could not be told');
    } finally {
      one.probing = false;
    }
  }

  #count(one: Dependency, verdict: Verdict, tookMs: number): void {
    const { runtime, circuit } = this.#options;
    const hadNews = one.hasNews;
    one.count(verdict, tookMs, runtime.now(), circuit);
    if (!hadNews && one.hasNews) this.#loop.wake();
  }

  #of(name: CircuitName): Dependency {
    const key = `${name.projectId} ${name.name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const one = new Dependency(name, this.#options, this.#options.limitsOf?.(name.name));
    this.#known.set(key, one);
    if (this.#options.circuit !== undefined) {
      this.#meeting.set(one, this.#meet(one));
      this.#loop.wake();
    }
    return one;
  }

  /** Its circuit may be open already: other processes have used it. */
  async #meet(one: Dependency): Promise<void> {
    try {
      this.#learn(one, (await this.#options.store.look([one]))[0]);
    } catch {
      // It is held to be closed; the next look will tell.
    } finally {
      this.#meeting.delete(one);
    }
  }

  async #round(): Promise<number> {
    const { runtime, circuit } = this.#options;
    if (circuit === undefined) return KEPT_MS;
    await this.#tell(circuit);
    if (runtime.now() - this.#lookedAt >= LOOK_MS) await this.#look();
    this.#forget();
    if (this.#known.size === 0) return KEPT_MS;
    const news = [...this.#known.values()].some((one) => one.hasNews);
    return news ? Math.max(1, this.#toldAt + TELL_MS - runtime.now()) : LOOK_MS;
  }

  async #tell(circuit: CircuitPolicy): Promise<void> {
    const { runtime, store } = this.#options;
    if (runtime.now() - this.#toldAt < TELL_MS) return;
    const news = [...this.#known.values()].filter((one) => one.hasNews);
    if (news.length === 0) return;
    this.#toldAt = runtime.now();
    const rows = await store.tell(
      news.map((one) => one.takeTally()),
      circuit,
    );
    this.#learnAll(news, rows);
  }

  async #look(): Promise<void> {
    const { runtime, store } = this.#options;
    this.#lookedAt = runtime.now();
    const used = [...this.#known.values()];
    if (used.length > 0) this.#learnAll(used, await store.look(used));
  }

  #learnAll(told: readonly Dependency[], rows: readonly CircuitRow[]): void {
    const byName = new Map(rows.map((row) => [`${row.projectId} ${row.name}`, row]));
    for (const one of told) this.#learn(one, byName.get(`${one.projectId} ${one.name}`));
  }

  /** Without a row it is closed. */
  #learn(one: Dependency, row: CircuitRow | undefined): void {
    const { runtime, circuit } = this.#options;
    const now = runtime.now();
    const changed = row === undefined ? one.become('closed', 0, now) : one.learn(row, now, circuit!);
    if (changed)
      runtime.log.info({ project: one.projectId, dependency: one.name, state: one.state }, 'circuit changed');
  }

  #forget(): void {
    const before = this.#options.runtime.now() - KEPT_MS;
    for (const [key, one] of this.#known) if (one.usedAt < before && one.idle) this.#known.delete(key);
  }
}
