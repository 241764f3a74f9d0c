/**
 * What this process knows of one host or model: the state of its circuit, what it saw since it last told the others,
 * and the calls on their way. Times are of this process.
 */
import { type Circuit, type CircuitPolicy, isFresh, type Tally, type Verdict } from '../core/circuit.ts';
import { MyelinError } from '../core/errors.ts';
import type { CircuitName, CircuitRow } from '../ports/breakers.ts';
import { Gate } from './gate.ts';
import { LatencyLimit } from './latency-limit.ts';
import { Pace } from './pace.ts';

export interface DependencyLimits {
  /** Calls on their way at the same time. */
  readonly inFlight: number;
  /** What a call should take, in milliseconds; undefined: the limit does not adapt. */
  readonly latencyMs: number | undefined;
}

/** What one dependency takes from this process; null: nobody said. */
export interface CallLimits {
  /** Calls on their way at the same time, instead of `inFlight`. */
  readonly concurrency: number | null;
  readonly perMinute: number | null;
}

/** Before another look at a circuit that somebody probes. */
const LOOK_AGAIN_MS = 5_000;

export class Dependency implements CircuitName {
  readonly projectId: string;
  readonly name: string;
  readonly gate: Gate;
  /** Undefined: as many a minute as there are. */
  readonly pace: Pace | undefined;
  readonly #limit: LatencyLimit | undefined;
  state: Circuit['state'] = 'closed';
  /** Open: when a probe may go. Half-open: when the probe is given up. */
  until = 0;
  /** This process asks to be the probe, or is it. */
  probing = false;
  usedAt = 0;
  /** Somebody saw it fail: until then, calls that go well are counted too. */
  #countedUntil = 0;
  #tally: Tally = NOTHING;

  constructor({ projectId, name }: CircuitName, { inFlight, latencyMs }: DependencyLimits, own?: CallLimits) {
    const most = own?.concurrency ?? inFlight;
    this.projectId = projectId;
    this.name = name;
    this.gate = new Gate(most);
    this.pace = own?.perMinute ? new Pace(own.perMinute) : undefined;
    this.#limit = latencyMs === undefined ? undefined : new LatencyLimit(most, latencyMs);
  }

  /** Nothing is on its way, nothing is to be told. */
  get idle(): boolean {
    return this.gate.inside === 0 && this.gate.waiting === 0 && this.#tally === NOTHING;
  }

  /** Something went wrong that the others do not know. */
  get hasNews(): boolean {
    return this.#tally !== NOTHING;
  }

  /** What it saw, for the others; from here on it counts anew. */
  takeTally(): CircuitName & Tally {
    const { projectId, name } = this;
    const tally = this.#tally;
    this.#tally = NOTHING;
    return { projectId, name, ...tally };
  }

  /** A call that was no probe ended. */
  count({ is, pauseMs }: Verdict, tookMs: number, now: number, policy: CircuitPolicy | undefined): void {
    if (is === 'none') return;
    this.#limit?.took(tookMs);
    if (this.#limit !== undefined) this.gate.limit = this.#limit.limit;
    if (policy === undefined) return;
    if (is === 'ill' && now >= this.#countedUntil) this.#countedUntil = now + policy.windowMs;
    if (now >= this.#countedUntil && pauseMs === 0) return;
    const { calls, failures, pauseMs: before } = this.#tally;
    this.#tally = {
      calls: calls + 1,
      failures: failures + (is === 'ill' ? 1 : 0),
      pauseMs: Math.max(before, pauseMs),
    };
    if (pauseMs > 0) this.become('open', now + pauseMs, now);
  }

  /** What the store says; true where the state is another than before. */
  learn(row: CircuitRow, now: number, policy: CircuitPolicy): boolean {
    const ahead = now - row.now;
    if (row.failures > 0 && isFresh(row, policy, row.now)) this.#countedUntil = row.since + policy.windowMs + ahead;
    return this.become(row.state, row.until + ahead, now);
  }

  /** Nobody waits for one that is open. True where the state is another than before. */
  become(state: Circuit['state'], until: number, now: number): boolean {
    const changed = this.state !== state;
    this.state = state;
    this.until = until;
    if (state === 'open') this.gate.refuse(this.refusal(now));
    return changed;
  }

  /** The error of an attempt that is not let through. */
  refusal(now: number): MyelinError {
    const isPause = this.state === 'open' && now < this.until;
    const retryAfterMs = isPause ? this.until - now : LOOK_AGAIN_MS;
    const message = `${this.name} has failed too often and is left alone until it answers again.`;
    return new MyelinError('circuit_open', message, { name: this.name, retryAfterMs });
  }
}

const NOTHING: Tally = { calls: 0, failures: 0, pauseMs: 0 };
