/** What a change of a workflow does to the groups of its event triggers. Rounds and steps at work stand for locks. */
import type { CloudEvent } from '../../core/cloud-event.ts';
import { eventKey, type GroupStart, groupOf, startOf } from '../../core/event-group.ts';
import type { GroupMember } from '../../ports/event-groups.ts';
import { type Database, keyPlace, type WorkflowRecord } from './database.ts';
import type { GroupRecord } from './message-record.ts';

export interface Member extends GroupMember {
  readonly projectId: string;
  readonly version: number;
  readonly group: string;
}

/** Event triggers of a project, by name of their workflows. */
export function membersOf({ workflows }: Database, projectId: string): Member[] {
  const rows = [...workflows.values()].filter((one) => one.projectId === projectId).flatMap(toMembers);
  const place = ({ workflowName, name }: Member) => `${workflowName} ${name}`;
  return rows.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

function toMembers({
  id: workflowId,
  name: workflowName,
  projectId,
  version,
  status,
  triggers,
}: WorkflowRecord): Member[] {
  return triggers
    .filter(({ type }) => type === 'event')
    .map(({ id, name, config: text }) => {
      const config: GroupMember['config'] = JSON.parse(text);
      const of = { projectId, workflowId, workflowName, version, active: status === 'active' };
      return { id, name, config, ...of, group: groupOf(id, config.group) };
    });
}

export const groupPlace = (projectId: string, name: string): string => `${projectId} ${name}`;

/** It has no place of its own yet, where it was not there. */
export function recordOf({ eventGroups }: Database, projectId: string, name: string): GroupRecord {
  const known = eventGroups.get(groupPlace(projectId, name));
  if (known !== undefined) return known;
  const fresh: GroupRecord = {
    ...{ projectId, name, turn: 0, heldTo: 0, gone: 0, place: null, movedAt: 0 },
    ...{ retries: new Map(), inHand: null },
  };
  eventGroups.set(groupPlace(projectId, name), fresh);
  return fresh;
}

/** Runs the change of a workflow when nobody is at messages that its triggers may get. */
export async function settled<T>(
  database: Database,
  { projectId, id }: { readonly projectId: string; readonly id: string },
  now: number,
  change: () => T,
): Promise<T> {
  const isListening = () => membersOf(database, projectId).some((one) => one.workflowId === id && one.active);
  while (isListening() && atWork(database) !== null) await atWork(database);
  const before = membersOf(database, projectId);
  const result = change();
  settle(database, projectId, before, now);
  return result;
}

export function atWork({ relaying, eventGroups }: Database): Promise<void> | null {
  return relaying ?? [...eventGroups.values()].find(({ inHand }) => inHand !== null)?.inHand ?? null;
}

function settle(database: Database, projectId: string, before: readonly Member[], now: number): void {
  const after = Map.groupBy(membersOf(database, projectId), ({ group }) => group);
  const isActive = (members: readonly Member[] = []) => members.some(({ active }) => active);
  const earlier = Map.groupBy(before, ({ group }) => group);
  for (const name of earlier.keys()) if (!after.has(name)) database.eventGroups.delete(groupPlace(projectId, name));
  for (const [name, members] of after) {
    const wasActive = isActive(earlier.get(name));
    if (wasActive && !isActive(members)) fall(database, projectId, name, members, now);
    if (!wasActive && isActive(members)) begin(database, projectId, name, members, now);
  }
}

function begin(database: Database, projectId: string, name: string, members: readonly Member[], now: number): void {
  const start = startOf(members.filter(({ active }) => active).map(({ config }) => config.from));
  if (start === 'latest' || database.eventGroups.has(groupPlace(projectId, name))) return;
  recordOf(database, projectId, name).place = placeFrom(database, projectId, start, now);
}

/** Never further than the relay is. */
export function placeFrom({ messages, relayedTo }: Database, projectId: string, start: GroupStart, now: number) {
  const from = start === 'latest' ? Number.POSITIVE_INFINITY : start === 'earliest' ? 0 : start;
  const first = messages.find((one) => one.projectId === projectId && one.createdAt >= from);
  if (first === undefined || first.id > relayedTo) return { id: relayedTo, at: now };
  return { id: first.id - 1, at: first.createdAt };
}

function fall(database: Database, projectId: string, name: string, members: readonly Member[], now: number): void {
  const group = recordOf(database, projectId, name);
  if (members.every(({ config }) => config.missed === 'skip')) {
    group.place = null;
    group.retries.clear();
    return;
  }
  if (group.place !== null) return;
  group.place = { id: database.relayedTo, at: now };
  for (const record of database.undelivered.values()) {
    if (record.projectId !== projectId || record.id > database.relayedTo) continue;
    const event = JSON.parse(record.event) as CloudEvent;
    if (database.keys.has(keyPlace(projectId, eventKey(event, name, group.turn)))) continue;
    group.retries.set(record.id, { ...record, attempts: 0, retryAt: null });
  }
}
