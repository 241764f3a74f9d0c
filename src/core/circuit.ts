/**
 * The circuit of what tasks depend on: a host, a model. Closed, calls go through and failures are counted; open, it is
 * left alone; half-open, one probe finds out whether it is well again.
 * After Nygard, "Release It!", 2007, chapter 5. Times are those of the store, so that all processes agree.
 */
import type { ErrorInfo } from './errors.ts';
import { askedDelay } from './retry.ts';

export interface CircuitPolicy {
  /** Failures within the window that open it, where they are at least half of the calls. */
  readonly threshold: number;
  /** Milliseconds from the first failure counted. */
  readonly windowMs: number;
  /** Milliseconds that it stays open before a probe. */
  readonly resetMs: number;
}

export interface Circuit {
  readonly state: 'closed' | 'open' | 'half_open';
  /** Since `since`, failures included. */
  readonly calls: number;
  readonly failures: number;
  /** When the window of the counts began. */
  readonly since: number;
  /** Open: when a probe may go. Half-open: when the probe is given up. */
  readonly until: number;
  /** Who probes. */
  readonly probe: string | null;
}

export const CLOSED: Circuit = { state: 'closed', calls: 0, failures: 0, since: 0, until: 0, probe: null };

/** What a process saw since it last told. */
export interface Tally {
  readonly calls: number;
  readonly failures: number;
  /** Milliseconds that the dependency asked to be left alone; 0: it did not. */
  readonly pauseMs: number;
}

/** What one attempt says of its dependency; `none`: nothing, since it was not asked or nobody heard its answer. */
export interface Verdict {
  readonly is: 'well' | 'ill' | 'none';
  readonly pauseMs: number;
}

const ILL: ReadonlySet<string> = new Set(['connection_failed', 'timeout', 'http_server_error', 'model_failed']);
const LIMITED: ReadonlySet<string> = new Set(['http_rate_limited', 'rate_limited']);
/** It answered, and did not like what we said, or we did not like what it said. */
const WELL: ReadonlySet<string> = new Set([
  ...['http_client_error', 'http_too_large', 'http_invalid_answer', 'output_invalid'],
  ...['model_refused', 'context_too_long'],
  ...LIMITED,
]);

export const isFresh = ({ since }: Circuit, { windowMs }: CircuitPolicy, now: number): boolean =>
  now - since < windowMs;

/** `error` undefined: the attempt succeeded. */
export function verdictOf(error: ErrorInfo | undefined): Verdict {
  if (error === undefined) return { is: 'well', pauseMs: 0 };
  const { code } = error;
  const is = ILL.has(code) ? 'ill' : WELL.has(code) ? 'well' : 'none';
  return { is, pauseMs: LIMITED.has(code) ? askedDelay(error) : 0 };
}

/** The circuit after a process told what it saw. One that is not closed hears only that it shall stay open longer. */
export function told(circuit: Circuit, tally: Tally, policy: CircuitPolicy, now: number): Circuit {
  const { calls, failures, pauseMs } = tally;
  if (circuit.state !== 'closed') {
    return circuit.state === 'open' ? { ...circuit, until: Math.max(circuit.until, now + pauseMs) } : circuit;
  }
  const fresh = isFresh(circuit, policy, now);
  const counted = fresh
    ? { ...circuit, calls: circuit.calls + calls, failures: circuit.failures + failures }
    : { ...circuit, calls, failures, since: now };
  if (pauseMs > 0) return opened(counted, now + pauseMs);
  const trips = counted.failures >= policy.threshold && counted.failures * 2 >= counted.calls;
  if (trips) return opened(counted, now + policy.resetMs);
  return !fresh && failures === 0 ? circuit : counted;
}

const opened = (circuit: Circuit, until: number): Circuit => ({ ...circuit, state: 'open', until, probe: null });

/** Half-open, with `token` as its probe, where its time has come; else the same. */
export function probed(circuit: Circuit, token: string, leaseMs: number, now: number): Circuit {
  if (circuit.state === 'closed' || now < circuit.until) return circuit;
  return { ...circuit, state: 'half_open', until: now + leaseMs, probe: token };
}

/** What its probe found; the same where another has taken its place. */
export function settled(
  circuit: Circuit,
  token: string,
  { is, pauseMs }: Verdict,
  policy: CircuitPolicy,
  now: number,
): Circuit {
  if (circuit.probe !== token) return circuit;
  if (pauseMs > 0) return opened(circuit, now + pauseMs);
  if (is === 'well') return CLOSED;
  return opened(circuit, is === 'ill' ? now + policy.resetMs : now);
}
