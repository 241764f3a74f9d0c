/** Who owns what: claiming, releasing, setting aside. */
import { hasEnded, isActive } from '../../core/execution/index.ts';
import { rankOf } from '../../core/flow/rank.ts';
import { byTurn, lastTurn } from '../../core/flow/turn.ts';
import { type Claimed, REVIVING, type Signal, type TriggerPlace } from '../../ports/store.ts';
import { type Database, type ExecutionRecord, settle, toSignal, wake } from './database.ts';

/** First the queue, then those at rest to which somebody posted a signal. */
export function claim(database: Database, turn: { after: string }, owner: string, limit: number): Claimed[] {
  if (!database.workers.has(owner)) return [];
  const woken = unownedOf(database)
    .filter((one) => isWoken(database, one))
    .sort(byRank);
  const given = inTurns(queued(database), turn.after).slice(0, Math.max(limit, 0));
  turn.after = lastTurn(turn.after, given);
  const claimed = [...given, ...woken].slice(0, Math.max(limit, 0));
  for (const one of claimed) give(database, one, owner);
  return claimed.map(({ id, projectId, workflowId, version, held }) => ({ id, projectId, workflowId, version, held }));
}

/** Those that have something to do and no owner. */
export function queued(database: Database): ExecutionRecord[] {
  return unownedOf(database).filter(({ status, held }) => !held && isActive(status));
}

/** Those of the project in the queue, and those of the trigger that are held. */
export function ahead(database: Database, { projectId, workflowId, triggerId }: TriggerPlace): number {
  const isIts = (one: ExecutionRecord) => one.workflowId === workflowId && one.triggerId === triggerId;
  const ofProject = [...database.executions.values()].filter((one) => one.projectId === projectId);
  const held = ofProject.filter((one) => one.held && one.status === 'pending' && isIts(one));
  return held.length + queued(database).filter((one) => one.projectId === projectId).length;
}

const unownedOf = ({ unowned, executions }: Database): ExecutionRecord[] =>
  [...unowned].map((id) => executions.get(id) as ExecutionRecord);

/** The first of each project, then the second of each, and so on: an equal share to each, however many are taken. */
function inTurns(queued: readonly ExecutionRecord[], after: string): ExecutionRecord[] {
  const place = new Map<ExecutionRecord, number>();
  for (const project of Map.groupBy(queued, ({ projectId }) => projectId).values()) {
    for (const [index, one] of project.sort(byRank).entries()) place.set(one, index);
  }
  const inTurn = byTurn(after);
  return [...place].sort(([a, x], [b, y]) => x - y || inTurn(a.projectId, b.projectId)).map(([one]) => one);
}

function byRank(a: ExecutionRecord, b: ExecutionRecord): number {
  return rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1);
}

export const isReviving = ({ signal }: Signal) => (REVIVING as readonly string[]).includes(signal.type);
const isCancel = ({ signal }: Signal) => signal.type === 'cancel';

/** A failed one is woken only by what leads it on; its other signals wait for that. One that is held, by a cancel. */
function isWoken(database: Database, { id, status, held }: ExecutionRecord): boolean {
  const waiting = database.signals.get(id) ?? [];
  if (status === 'waiting') return waiting.length > 0;
  const wakes = held ? isCancel : isReviving;
  return (held || hasEnded(status)) && waiting.some((one) => wakes(toSignal(id, one)));
}

export function give(database: Database, execution: ExecutionRecord, owner: string | null): void {
  execution.owner = owner;
  settle(database, execution);
}

/** Releases the executions whose owner passes; says how many. */
export function releaseWhere(database: Database, isReleased: (owner: string, id: string) => boolean): number {
  let released = 0;
  for (const one of database.executions.values()) {
    if (one.owner === null || !isReleased(one.owner, one.id)) continue;
    give(database, one, null);
    released += 1;
  }
  if (released > 0) wake(database);
  return released;
}

export function release(database: Database, owner: string, ids?: readonly string[]): number {
  const named = ids === undefined ? undefined : new Set(ids);
  return releaseWhere(database, (by, id) => by === owner && (named === undefined || named.has(id)));
}

export function owned(database: Database, owner: string): string[] {
  return [...database.executions].filter(([, execution]) => execution.owner === owner).map(([id]) => id);
}
