/**
 * Circuits that all processes share. Nobody asks here before a call: a process keeps what it knows, tells what went
 * wrong a few times a second, and looks again at what it uses. The clock is the store's.
 */
import type { Circuit, CircuitPolicy, Tally, Verdict } from '../core/circuit.ts';

export interface BreakerStore {
  /** Adds what this process saw; gives the circuits as they are then. No name may come twice. */
  tell(tallies: readonly (CircuitName & Tally)[], policy: CircuitPolicy): Promise<CircuitRow[]>;
  /** Of those named, the circuits that there are: one that never failed is none. */
  look(names: readonly CircuitName[]): Promise<CircuitRow[]>;
  /**
   * Makes `token` the probe of a circuit whose time has come, for at most `leaseMs`, and nobody else at the same time.
   * Gives the circuit as it is then; undefined where there is none.
   */
  probe(name: CircuitName, token: string, leaseMs: number): Promise<CircuitRow | undefined>;
  /** What the probe found; nothing happens where another has taken its place. */
  settle(name: CircuitName, token: string, verdict: Verdict, policy: CircuitPolicy): Promise<void>;
  /** Circuits of the project that have failed lately or are not closed, by name. */
  list(projectId: string): Promise<CircuitRow[]>;
  /** Closes the circuit; undefined where there is none. */
  reset(name: CircuitName): Promise<CircuitRow | undefined>;
  /** Removes circuits that are closed and have not failed for so long, or could have been probed for so long and were not. */
  forget(olderThanMs: number): Promise<void>;
}

export interface CircuitName {
  readonly projectId: string;
  /** Of the dependency, such as `api.example.com:443`. */
  readonly name: string;
}

export interface CircuitRow extends CircuitName, Circuit {
  /** The store's time when it was read, in milliseconds since the epoch. */
  readonly now: number;
}
