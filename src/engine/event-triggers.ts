/**
 * Starts the workflows whose event triggers a message fits. The triggers are read for each batch, so that a workflow
 * that was just activated hears the very next message. The key of a start is made of message and trigger: the same
 * message starts nothing again. A trigger that cannot take a message is named with it, and hinders nobody else.
 */

import { toErrorInfo } from '../core/errors.ts';
import { eventKey } from '../core/event-group.ts';
import { DEEPEST, tooDeep } from '../core/execution/index.ts';
import { hash } from '../core/hash.ts';
import { fitsPattern } from '../core/message-pattern.ts';
import type { EventGroupStore, GroupRef, ListeningMember } from '../ports/event-groups.ts';
import type { LoggedMessage } from '../ports/messages.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Deliverer, Undelivered } from './deliverer.ts';
import { depthAfter, type EventListener, eventListener, takes } from './event-listener.ts';
import type { Start, Starter } from './starter.ts';
import { isUnavailable } from './unavailable.ts';

export interface EventTriggersOptions {
  readonly groups: Pick<EventGroupStore, 'listening'>;
  readonly starter: Pick<Starter, 'startMany'>;
  readonly runtime: Runtime;
}

interface Listener extends EventListener {
  readonly trigger: ListeningMember;
}

interface Wanted {
  readonly message: LoggedMessage;
  readonly trigger: ListeningMember;
  readonly start: Start;
}

/** How long a start is known by its key: longer than a message that was delivered waits for its delivery. */
const KEY_TTL_MS = 24 * 3_600_000;
/** Starts in one transaction. */
const CHUNK = 500;
/** Compiled filters kept. */
const KEPT = 10_000;

export class EventTriggers implements Deliverer {
  readonly name = 'event triggers';
  readonly #options: EventTriggersOptions;
  /** By trigger and version: what a version says never changes. */
  readonly #listeners = new Map<string, EventListener>();

  constructor(options: EventTriggersOptions) {
    this.#options = options;
  }

  /** To all groups but those that read its lane by themselves. */
  async deliver(messages: readonly LoggedMessage[]): Promise<readonly Undelivered[]> {
    const projects = [...new Set(messages.map((one) => one.projectId))];
    return await this.#deliver(messages, await this.#options.groups.listening(projects), isCarried);
  }

  /** To one group only. */
  of({ projectId, name }: GroupRef): Deliverer {
    const deliver = async (messages: readonly LoggedMessage[]) => {
      const rows = await this.#options.groups.listening([projectId]);
      return await this.#deliver(
        messages,
        rows.filter(({ group }) => group === name),
        () => true,
      );
    };
    return { name: `event triggers of ${name}`, deliver };
  }

  async #deliver(
    messages: readonly LoggedMessage[],
    triggers: readonly ListeningMember[],
    isFor: (trigger: ListeningMember, message: LoggedMessage) => boolean,
  ): Promise<readonly Undelivered[]> {
    const byProject = Map.groupBy(triggers, (row) => row.projectId);
    const byType = new Map<string, readonly ListeningMember[]>();
    const undelivered: Undelivered[] = [];
    const starts: Wanted[] = [];
    for (const message of messages) {
      const fitting = listenersOf(byType, message, byProject.get(message.projectId) ?? []);
      const rows = fitting.every((row) => isFor(row, message)) ? fitting : fitting.filter((row) => isFor(row, message));
      const heard = this.#heardBy(message, rows);
      undelivered.push(...heard.refused);
      for (const listener of oneOfEachGroup(message, heard.listeners)) {
        starts.push({ message, trigger: listener.trigger, start: this.#startOf(message, listener) });
      }
    }
    for (let at = 0; at < starts.length; at += CHUNK) {
      undelivered.push(...(await this.#start(starts.slice(at, at + CHUNK), messages.length === 1)));
    }
    return undelivered;
  }

  /** Of a message that comes alone each start is tried alone, so that one that is refused hinders no other. */
  async #start(wanted: readonly Wanted[], isAlone: boolean): Promise<Undelivered[]> {
    const { starter } = this.#options;
    try {
      await starter.startMany(wanted.map(({ start }) => start));
      return [];
    } catch (error) {
      if (!isAlone || isUnavailable(error)) throw error;
    }
    const refused: Undelivered[] = [];
    for (const { message, trigger, start } of wanted) {
      try {
        await starter.startMany([start]);
      } catch (error) {
        if (isUnavailable(error)) throw error;
        refused.push({ message, trigger, error: toErrorInfo(error, 'internal') });
      }
    }
    return refused;
  }

  /** A filter that fails keeps the message from its own workflow only. */
  #heardBy(
    message: LoggedMessage,
    rows: readonly ListeningMember[],
  ): { listeners: Listener[]; refused: Undelivered[] } {
    const listeners: Listener[] = [];
    const refused: Undelivered[] = [];
    for (const row of rows) {
      try {
        const listener = this.#listenerOf(row);
        if (!takes(listener, message.event, this.#options.runtime.now())) continue;
        if (depthAfter(message.event) > DEEPEST) throw tooDeep();
        listeners.push(listener);
      } catch (thrown) {
        refused.push({ message, trigger: row, error: toErrorInfo(thrown) });
      }
    }
    return { listeners, refused };
  }

  #listenerOf(trigger: ListeningMember): Listener {
    const key = `${trigger.id}:${trigger.version}`;
    const known = this.#listeners.get(key);
    // As it listens now: its group may have been set back.
    if (known !== undefined) return { ...known, trigger };
    const listener = eventListener(trigger.config);
    if (this.#listeners.size >= KEPT) this.#listeners.clear();
    this.#listeners.set(key, listener);
    return { ...listener, trigger };
  }

  #startOf(message: LoggedMessage, { trigger }: Listener): Start {
    const { projectId, event } = message;
    const { workflowId, version, name, group, turn } = trigger;
    const key = eventKey(event, group, turn);
    const expiresAt = this.#options.runtime.now() + KEY_TTL_MS;
    const depth = depthAfter(event);
    return { projectId, workflowId, version, triggerId: name, trigger: event, depth, key: { key, expiresAt } };
  }
}

function isCarried({ behind }: ListeningMember, { lane }: LoggedMessage): boolean {
  return behind.length === 0 || lane === undefined || !behind.includes(lane);
}

/** Those whose pattern fits, worked out once for each type of a batch. A config that is none stays, to be told of. */
function listenersOf(
  known: Map<string, readonly ListeningMember[]>,
  { projectId, event }: LoggedMessage,
  rows: readonly ListeningMember[],
): readonly ListeningMember[] {
  const place = `${projectId} ${event.type}`;
  const found = known.get(place);
  if (found !== undefined) return found;
  const fitting = rows.filter(({ config }) => fitsPattern(String(config.event), event.type));
  known.set(place, fitting);
  return fitting;
}

/** Listeners without a group, and of each group the one that the key of the message belongs to. */
function oneOfEachGroup({ event }: LoggedMessage, listeners: readonly Listener[]): readonly Listener[] {
  if (listeners.every(({ config }) => config.group === undefined)) return listeners;
  const place = hash(event.partitionkey ?? event.id);
  const groups = Map.groupBy(listeners, ({ trigger }) => trigger.group);
  return [...groups.values()].map((members) => {
    const inOrder = members.toSorted((a, b) => (a.trigger.id < b.trigger.id ? -1 : 1));
    return inOrder[place % inOrder.length] as Listener;
  });
}
