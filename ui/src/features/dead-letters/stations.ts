/** Of the history of an execution, what a dead letter is about: attempts that failed, failures for good, and retries. */
import type { EventAnswer } from '../../../../src/contract/executions.ts';
import type { ErrorInfo } from '../../../../src/core/errors.ts';

export interface Station {
  readonly seq: number;
  readonly at: string;
  readonly what: string;
  readonly message: string | undefined;
  readonly isBad: boolean;
}

interface Attempts extends Station {
  readonly code: string;
  readonly first: number;
}

interface Data {
  readonly path?: string;
  readonly attempt?: number;
  readonly error?: ErrorInfo;
  readonly reason?: string;
}

/** Attempts of the node at `path` that failed alike, one after the other, are one station. */
export function stationsOf(events: readonly EventAnswer[], path: string | null): readonly Station[] {
  const stations: (Station | Attempts)[] = [];
  for (const event of events) {
    const next = stationOf(event, path, stations.at(-1));
    if (next === undefined) continue;
    if (next.replaces) stations.pop();
    stations.push(next.station);
  }
  return stations;
}

interface Next {
  readonly station: Station | Attempts;
  readonly replaces: boolean;
}

function stationOf(
  { seq, at, type, data }: EventAnswer,
  path: string | null,
  last?: Station | Attempts,
): Next | undefined {
  const { path: place, attempt = 0, error, reason } = data as Data;
  const message = error?.message;
  if (type === 'node.retrying' && place === path) {
    const code = error?.code ?? '';
    const isSame = last !== undefined && 'code' in last && last.code === code;
    const first = isSame ? last.first : attempt;
    const what = first === attempt ? `Attempt ${attempt} failed.` : `Attempts ${first} to ${attempt} failed.`;
    return { station: { seq, at, what, message, isBad: false, code, first }, replaces: isSame };
  }
  if (type === 'execution.failed' || type === 'execution.compensation_failed') {
    const what = type === 'execution.failed' ? 'Failed for good.' : 'What was done could not be undone.';
    return { station: { seq, at, what, message, isBad: true }, replaces: false };
  }
  if (type !== 'execution.retried') return undefined;
  return { station: { seq, at, what: 'Tried again', message: reason, isBad: false }, replaces: false };
}
