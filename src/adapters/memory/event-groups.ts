/** Groups of event triggers in memory. `inHand` and `relaying` stand for the locks of a group and of the lane. */
import type { CloudEvent } from '../../core/cloud-event.ts';
import type { GroupStart } from '../../core/event-group.ts';
import { fitsPattern } from '../../core/message-pattern.ts';
import {
  type EventGroup,
  type EventGroupStore,
  type GroupRef,
  type GroupStep,
  MOST_COUNTED,
} from '../../ports/event-groups.ts';
import type { LoggedMessage, Relayed } from '../../ports/messages.ts';
import { addMessage, type Database, wake } from './database.ts';
import { addLetter } from './letters.ts';
import type { GroupRecord, MessageRecord } from './message-record.ts';
import { LANE } from './messages.ts';
import { atWork, groupPlace, type Member, membersOf, placeFrom, recordOf } from './settle-groups.ts';

export function eventGroupStore(database: Database): EventGroupStore {
  const stateOf = ({ projectId, group }: Member) => database.eventGroups.get(groupPlace(projectId, group));
  return {
    listening: async (projectIds) =>
      [...new Set(projectIds)]
        .flatMap((projectId) => membersOf(database, projectId))
        .filter(({ active }) => active)
        .map((member) => {
          const { active: _, ...trigger } = member;
          const known = stateOf(member);
          return { ...trigger, turn: known?.turn ?? 0, behind: (known?.place ?? null) === null ? [] : [LANE] };
        }),
    step: (...about) => step(database, ...about),
    list: async (projectId, { after = '', limit }) => {
      const names = [...new Set(membersOf(database, projectId).map(({ group }) => group))].sort();
      return names
        .filter((name) => name > after)
        .slice(0, limit)
        .flatMap((name) => groupsOf(database, projectId, name));
    },
    get: async (projectId, name) => groupsOf(database, projectId, name)[0],
    reset: (projectId, name, to, now) => reset(database, projectId, name, to, now),
    figures: async (now) => {
      const behind = [...database.eventGroups.values()].filter(({ place }) => place !== null);
      const active = behind.filter((group) => isActive(database, group));
      const lags = active.map(({ place }) => (place === null || place.id >= database.relayedTo ? 0 : now - place.at));
      return { catchingUp: active.length, paused: behind.length - active.length, lagMs: Math.max(0, ...lags) };
    },
  };
}

function isActive(database: Database, { projectId, name }: GroupRef): boolean {
  return membersOf(database, projectId).some(({ group, active }) => active && group === name);
}

function groupsOf(database: Database, projectId: string, name: string): EventGroup[] {
  const found = membersOf(database, projectId).filter(({ group }) => group === name);
  if (found.length === 0) return [];
  const members = found.map(({ projectId: _, version: __, group: ___, ...member }) => member);
  const group = database.eventGroups.get(groupPlace(projectId, name));
  const waiting = group?.place ? before(database, group, found) : [];
  const isLive = (group?.place ?? null) === null;
  return [
    {
      ...{ projectId, name, members, gone: group?.gone ?? 0 },
      state: !isActive(database, { projectId, name }) ? 'paused' : isLive ? 'live' : 'catching_up',
      waiting: Math.min(MOST_COUNTED, waiting.length),
      isMore: waiting.length > MOST_COUNTED,
      oldestAt: waiting.length === 0 ? null : Math.min(...waiting.map(({ createdAt }) => createdAt)),
    },
  ];
}

function before({ messages }: Database, { projectId, place, retries }: GroupRecord, members: readonly Member[]) {
  const unread = messages.filter((one) => one.projectId === projectId && one.id > (place?.id ?? 0));
  return [...retries.values(), ...unread.filter((one) => isHeard(one, members))];
}

const isHeard = ({ event }: MessageRecord, members: readonly Member[]): boolean =>
  members.some(({ config }) => fitsPattern(String(config.event), (JSON.parse(event) as CloudEvent).type));

async function reset(
  database: Database,
  projectId: string,
  name: string,
  to: GroupStart,
  now: number,
): Promise<boolean> {
  const members = () => membersOf(database, projectId).filter(({ group }) => group === name);
  while (members().length > 0 && atWork(database) !== null) await atWork(database);
  if (members().length === 0) return false;
  const group = recordOf(database, projectId, name);
  const skips = members().every(({ config }) => config.missed === 'skip');
  const isAtHead = to === 'latest' && (skips || isActive(database, group));
  if (to !== 'latest') {
    group.turn += 1;
    const mine = [...database.undelivered.values()].filter((one) => one.projectId === projectId);
    group.heldTo = Math.max(0, ...mine.map(({ id }) => id).filter((id) => id <= database.relayedTo));
  }
  group.place = isAtHead ? null : placeFrom(database, projectId, to, now);
  group.gone = 0;
  group.retries.clear();
  wake(database, 'triggers');
  return true;
}

async function step(
  database: Database,
  now: number,
  limit: number,
  deliver: (group: GroupRef, messages: readonly LoggedMessage[]) => Promise<Relayed>,
  hasRoom: (group: GroupRef) => Promise<boolean> = async () => true,
): Promise<GroupStep | undefined> {
  const full = new Set<GroupRecord>();
  const isNext = (one: GroupRecord) =>
    one.place !== null && one.inHand === null && isActive(database, one) && isBusy(database, one, now);
  const next = () =>
    [...database.eventGroups.values()]
      .filter((one) => !full.has(one) && isNext(one))
      .sort((a, b) => a.movedAt - b.movedAt)[0];
  let group = next();
  while (group !== undefined && !((await hasRoom(group)) && isNext(group))) {
    full.add(group);
    group = next();
  }
  if (group === undefined) return undefined;
  const hand = Promise.withResolvers<void>();
  group.inHand = hand.promise;
  try {
    return await advance(database, group, now, limit, deliver);
  } finally {
    group.inHand = null;
    hand.resolve();
  }
}

function isBusy(database: Database, group: GroupRecord, now: number): boolean {
  const isBehind = (group.place?.id ?? 0) < database.relayedTo;
  return isBehind || !isHeld(database, group, []) || due(group, now, 1).length > 0;
}

/** Something keeps the group from the relay: what it has not got, or what the relay still tries that it got in another turn. */
function isHeld(
  database: Database,
  { projectId, retries, heldTo }: GroupRecord,
  handed: readonly MessageRecord[],
): boolean {
  const tried = [...database.undelivered.values()].some((one) => one.projectId === projectId && one.id <= heldTo);
  return tried || [...retries.keys()].some((id) => !handed.some((one) => one.id === id));
}

async function advance(
  database: Database,
  group: GroupRecord,
  now: number,
  limit: number,
  deliver: (group: GroupRef, messages: readonly LoggedMessage[]) => Promise<Relayed>,
): Promise<GroupStep> {
  const { projectId, name, retries } = group;
  const mine = due(group, now, limit);
  const isFree = !isHeld(database, group, mine);
  const isNear = isFree && unread(database, group, limit - mine.length).isAll;
  const lock = Promise.withResolvers<void>();
  if (isNear) {
    while (database.relaying !== null) await database.relaying;
    database.relaying = lock.promise;
  }
  try {
    const read = unread(database, group, limit - mine.length);
    const handedIds = new Set(mine.map(({ id }) => id));
    const held = new Set([...retries.values()].filter(({ id }) => !handedIds.has(id)).map(keyOf));
    const fresh = read.messages.filter((one) => keyOf(one) === undefined || !held.has(keyOf(one)));
    const messages = [...mine, ...fresh].map(toMessage);
    const relayed = messages.length === 0 ? { done: [], putOff: [] } : await deliver({ projectId, name }, messages);
    const { done, putOff, letters = [], messages: told = [] } = relayed;
    for (const letter of letters) addLetter(database, letter);
    for (const one of told) addMessage(database, now, one);
    if (told.length > 0) wake(database, 'messages');
    for (const one of read.messages) retries.set(one.id, { ...one, attempts: 0, retryAt: null });
    for (const id of done) retries.delete(id);
    for (const { id, until } of putOff) {
      const kept = retries.get(id);
      if (kept !== undefined) retries.set(id, { ...kept, attempts: kept.attempts + 1, retryAt: until });
    }
    const arrived = isNear && read.isAll && retries.size === 0;
    group.place = arrived ? null : read.to(now);
    group.movedAt = now;
    return { projectId, name, handed: messages.length, arrived };
  } finally {
    if (isNear) database.relaying = null;
    lock.resolve();
  }
}

/** In the order of the log. What waits longer holds back what follows it under its key. */
function due({ retries }: GroupRecord, now: number, limit: number): MessageRecord[] {
  const held = new Set<string | undefined>();
  const found: MessageRecord[] = [];
  for (const one of [...retries.values()].sort((a, b) => a.id - b.id)) {
    const isPutOff = one.retryAt !== null && one.retryAt > now;
    const key = keyOf(one);
    if (isPutOff && key !== undefined) held.add(key);
    if (!isPutOff && !held.has(key)) found.push(one);
  }
  return found.slice(0, limit);
}

function unread(database: Database, { projectId, name, place }: GroupRecord, limit: number) {
  const { messages, relayedTo } = database;
  const members = membersOf(database, projectId).filter(({ group }) => group === name);
  const after = place ?? { id: 0, at: 0 };
  const all = messages.filter((one) => one.projectId === projectId && one.id > after.id && one.id <= relayedTo);
  const found = all.slice(0, Math.max(0, limit));
  const isAll = limit > 0 && found.length === all.length;
  const last = found.at(-1);
  const to = (now: number) =>
    isAll ? { id: relayedTo, at: now } : { id: last?.id ?? after.id, at: last?.createdAt ?? after.at };
  return { messages: found.filter((one) => isHeard(one, members)), isAll, to };
}

const keyOf = ({ event }: MessageRecord): string | undefined => (JSON.parse(event) as CloudEvent).partitionkey;

function toMessage({ id, projectId, event, attempts }: MessageRecord): LoggedMessage {
  return { id, projectId, event: JSON.parse(event), attempts, lane: LANE };
}
