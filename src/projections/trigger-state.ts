/** What the processes tell of one trigger, as one. */
import type { ErrorInfo } from '../core/errors.ts';
import type { TriggerStatus } from '../core/trigger-state.ts';
import type { TriggerState } from '../ports/trigger-states.ts';

export interface TriggerStateView {
  readonly status: TriggerStatus;
  readonly error: ErrorInfo | null;
  readonly since: number;
  readonly lastMessageAt: number | null;
  readonly messages: number;
  readonly lag: number | null;
  readonly processes: number;
}

/** The worst first. One that begins says nothing as long as another works. */
const WORST: readonly TriggerStatus[] = ['error', 'running', 'starting'];

/** Null where no process has it. */
export function stateOf(states: readonly TriggerState[]): TriggerStateView | null {
  const [worst] = [...states].sort((a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status) || a.since - b.since);
  if (worst === undefined) return null;
  const { status, error, since } = worst;
  const messages = states.reduce((sum, one) => sum + one.messages, 0);
  return {
    ...{ status, error, since, messages, processes: states.length },
    lastMessageAt: latest(states.map((one) => one.lastMessageAt)),
    lag: sum(states.map((one) => one.lag)),
  };
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((one) => one !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function sum(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((total, one) => total + one, 0);
}
