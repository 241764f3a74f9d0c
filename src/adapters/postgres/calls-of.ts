/** Paid calls of a batch of commits: those that begin, and those that have come to an end. */
import { bookKey } from '../../core/budget/accounts.ts';
import type { NewCall, SettledCall } from '../../ports/ledger.ts';
import type { Commit } from '../../ports/store.ts';
import type { OpenedCall, Settlement } from './model-calls.ts';

export interface Calls {
  readonly opened: readonly OpenedCall[];
  readonly settlements: readonly Settlement[];
  readonly projectIds: readonly string[];
}

/** Undefined: none. `now` in milliseconds is the time of a commit without events. */
export function callsOf(commits: readonly Commit[], now: number): Calls | undefined {
  const opened = commits.flatMap((one) => (one.calls ?? []).map((call) => openedCall(one, call, now)));
  const settlements = commits.flatMap((one) => settlementsOf(one, now));
  const projectIds = [...new Set([...opened, ...settlements].map((one) => one.projectId))];
  return projectIds.length === 0 ? undefined : { opened, settlements, projectIds };
}

function openedCall(one: Commit, call: NewCall, now: number): OpenedCall {
  const { executionId, projectId, create } = one;
  return {
    id: `${executionId}/${call.path}#${call.attempt}`,
    ...{ executionId, projectId, workflowId: create?.workflowId ?? null, call },
    ...{ session: bookKey(call.session), userId: bookKey(call.userId), startedAt: one.events.at(-1)?.at ?? now },
  };
}

/** A path that opens another call leaves the one before, if it is open still, as unknown. */
function settlementsOf(
  { executionId, projectId, events, settles = [], calls = [] }: Commit,
  now: number,
): Settlement[] {
  const others = calls.filter(({ first }) => first === undefined);
  const byPath = new Map<string, SettledCall>(others.map(({ path }) => [path, { path, outcome: 'unknown' }]));
  for (const one of settles) byPath.set(one.path, one);
  const at = events.at(-1)?.at ?? now;
  return [...byPath.values()].map((settled) => ({ executionId, projectId, at, settled }));
}
