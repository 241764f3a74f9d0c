/** Who waits for its admission, and who has it. Each look is atomic, so nobody is ever at it twice. */
import { type Admission, type Lane, type Look, type Taken, type Waiting, without } from '../../core/flow/admit.ts';
import { atGates, readLane, type Ticket } from '../../core/flow/ticket.ts';
import { type Admitted, type FlowPlace, type FlowStore, type LaneCount, MAX_AHEAD } from '../../ports/flow.ts';
import type { Runtime } from '../../ports/runtime.ts';
import { addSignal, type Database, settle, type TicketRecord, takeSlot, toSignal, wake } from './database.ts';

export function flowStore(database: Database, runtime: Pick<Runtime, 'now'>): FlowStore {
  return {
    admit: async (after, lanes, decide) => admit(database, runtime.now(), after, lanes, decide),
    place: async (projectId, executionId) => place(database, projectId, executionId),
    lanes: async (projectId, limit) => laneCounts(database, runtime.now(), projectId, limit),
    waiting: async () => database.tickets.size,
  };
}

function admit(
  database: Database,
  now: number,
  after: string,
  limit: number,
  decide: (look: Look) => Admission,
): Admitted {
  const byLane = Map.groupBy(waiting(database), ({ ticket }) => ticket.lane);
  const names = [...byLane.keys()].filter((lane) => lane > after).sort();
  const seen = names.slice(0, limit);
  const lanes = seen.map((lane) => laneOf(byLane.get(lane) as Waiting[]));
  const proposed = decide({ now, lanes, taken: takenOf(database, now, lanes) });
  const firsts = [...proposed.admit, ...proposed.batch].map(({ executionId }) => executionId);
  const admission = without(proposed, new Set(firsts.filter((id) => !isFree(database, id))));
  for (const id of firsts) if (!isHeld(database, id)) database.tickets.delete(id);
  write(database, admission);
  const { nextAt, more } = admission;
  return {
    admitted: admission.admit.length,
    next: names.length > limit ? (seen.at(-1) ?? null) : null,
    more,
    dueMs: nextAt === null ? null : Math.max(0, nextAt - now),
  };
}

function waiting(database: Database): Waiting[] {
  return [...database.tickets].map(([executionId, record], position) => toWaiting(executionId, record, position));
}

function toWaiting(executionId: string, { ticket, queuedAt, since }: TicketRecord, position: number): Waiting {
  return { executionId, position, queuedAt, since, ticket: JSON.parse(ticket) };
}

function laneOf(all: readonly Waiting[]): Lane {
  const depth = all[0]?.ticket.depth ?? 1;
  return { tickets: all.slice(0, depth), more: all.length > depth };
}

function takenOf(database: Database, now: number, lanes: readonly Lane[]): Map<string, Taken> {
  const taken = new Map<string, Taken>();
  const gates = lanes.flatMap(({ tickets }) => tickets.flatMap((one) => one.ticket.gates));
  for (const { lane } of gates) {
    const slots = [...(database.slots.get(lane)?.values() ?? [])].filter((at) => at === null || at > now);
    const times = slots.filter((at) => at !== null);
    taken.set(lane, { count: slots.length, freeAt: times.length === 0 ? null : Math.min(...times) });
  }
  return taken;
}

function isHeld(database: Database, id: string): boolean {
  const execution = database.executions.get(id);
  return execution?.held === true && execution.status === 'pending';
}

/** Nobody is canceling it. */
function isFree(database: Database, id: string): boolean {
  const isCanceled = database.signals.get(id)?.some((one) => toSignal(id, one).signal.type === 'cancel');
  return isHeld(database, id) && database.executions.get(id)?.owner === null && isCanceled !== true;
}

function write(database: Database, { admit, drop, move, batch, since }: Admission): void {
  for (const one of since) (database.tickets.get(one.executionId) as TicketRecord).since = one.since;
  for (const { executionId, members } of batch) {
    addSignal(database, executionId, { type: 'gather', triggers: members.map((id) => triggerOf(database, id)) });
  }
  for (const { executionId, gates } of move) {
    const record = database.tickets.get(executionId) as TicketRecord;
    const ticket: Ticket = { ...JSON.parse(record.ticket), ...atGates(gates), gather: null };
    // At the end, for its place in the new lane counts from now.
    database.tickets.delete(executionId);
    database.tickets.set(executionId, { ...record, ticket: JSON.stringify(ticket) });
  }
  for (const { executionId, reason } of drop) {
    database.tickets.delete(executionId);
    addSignal(database, executionId, { type: 'cancel', reason });
  }
  for (const { executionId, slots } of admit) begin(database, executionId, slots);
  if (admit.length + drop.length > 0) wake(database);
}

function begin(database: Database, executionId: string, slots: Admission['admit'][number]['slots']): void {
  database.tickets.delete(executionId);
  for (const { lane, expiresAt } of slots) takeSlot(database, lane, executionId, expiresAt);
  const execution = database.executions.get(executionId);
  if (execution === undefined) return;
  execution.held = false;
  settle(database, execution);
}

function triggerOf(database: Database, executionId: string): unknown {
  const created = database.executions.get(executionId)?.events[0];
  return created === undefined ? null : JSON.parse(created.data).trigger;
}

function place(database: Database, projectId: string, executionId: string): FlowPlace | undefined {
  const record = database.tickets.get(executionId);
  if (record?.projectId !== projectId) return undefined;
  const { ticket, position, queuedAt, since } = toWaiting(executionId, record, indexOf(database, executionId));
  const before = waiting(database).filter((one) => one.ticket.lane === ticket.lane && one.position < position);
  return { ticket, ahead: Math.min(MAX_AHEAD, before.length), queuedAt, since };
}

const indexOf = (database: Database, executionId: string) => [...database.tickets.keys()].indexOf(executionId);

function laneCounts(database: Database, now: number, projectId: string, limit: number): LaneCount[] {
  const counts = new Map<string, { taken: number; waiting: number }>();
  const of = (lane: string) => {
    const count = counts.get(lane) ?? { taken: 0, waiting: 0 };
    counts.set(lane, count);
    return count;
  };
  for (const { executionId, ticket } of waiting(database)) {
    if (database.tickets.get(executionId)?.projectId !== projectId) continue;
    const lanes = ticket.gather === null ? ticket.gates.map(({ lane }) => lane) : [ticket.lane];
    for (const lane of lanes) of(lane).waiting += 1;
  }
  for (const [lane, slots] of database.slots) {
    for (const [executionId, expiresAt] of slots) {
      const isOurs = database.executions.get(executionId)?.projectId === projectId;
      if (isOurs && (expiresAt === null || expiresAt > now)) of(lane).taken += 1;
    }
  }
  const named = [...counts].map(([lane, count]) => ({ lane, workflowName: nameOf(database, lane), ...count }));
  const order = (a: LaneCount, b: LaneCount) =>
    b.waiting - a.waiting || b.taken - a.taken || (a.lane < b.lane ? -1 : 1);
  return named.sort(order).slice(0, limit);
}

const nameOf = (database: Database, lane: string) =>
  database.workflows.get(readLane(lane).workflowId)?.name ?? '(deleted)';
