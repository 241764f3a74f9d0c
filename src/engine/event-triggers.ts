/**
 * Starts the workflows whose event triggers a message fits. The triggers are read for each batch, so that a workflow
 * that was just activated hears the very next message. The key of a start is made of message and trigger: the same
 * message starts nothing again. A trigger that cannot take a message leaves a dead letter, and hinders nobody else.
 */
import { DEEPEST, tooDeep } from '../core/execution/index.ts';
import { compileTemplate, type Template } from '../core/expression/index.ts';
import { fitsPattern } from '../core/message-pattern.ts';
import type { NewLetter } from '../ports/dead-letters.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { ListeningTrigger, Store, WorkflowStore } from '../ports/store.ts';
import { type EventConfig, eventConfig } from '../triggers/event.ts';
import type { Deliverer, Undelivered } from './deliverer.ts';
import { messageLetter } from './message-letter.ts';
import type { Start, Starter } from './starter.ts';

export interface EventTriggersOptions {
  readonly workflows: WorkflowStore;
  readonly starter: Starter;
  readonly letters: Pick<Store['deadLetters'], 'add'>;
  readonly runtime: Runtime;
}

interface Listener {
  readonly trigger: ListeningTrigger;
  readonly config: EventConfig;
  readonly filter: Template | null;
}

/** How long a start is known by its key: longer than a message that was delivered can lie in the outbox. */
const KEY_TTL_MS = 24 * 3_600_000;
/** Starts in one transaction. */
const CHUNK = 500;
/** Compiled filters kept. */
const KEPT = 10_000;

export class EventTriggers implements Deliverer {
  readonly name = 'event triggers';
  readonly #options: EventTriggersOptions;
  /** By trigger and version: what a version says never changes. */
  readonly #listeners = new Map<string, Listener>();

  constructor(options: EventTriggersOptions) {
    this.#options = options;
  }

  async deliver(messages: readonly OutboxMessage[]): Promise<readonly Undelivered[]> {
    const { workflows, starter, letters } = this.#options;
    const projects = [...new Set(messages.map((one) => one.projectId))];
    const byProject = Map.groupBy(await workflows.listening('event', projects), (row) => row.projectId);
    const starts: Start[] = [];
    for (const message of messages) {
      const heard = this.#heardBy(message, byProject.get(message.projectId) ?? []);
      for (const letter of heard.refused) await letters.add(letter);
      for (const listener of oneOfEachGroup(message, heard.listeners)) starts.push(this.#startOf(message, listener));
    }
    for (let at = 0; at < starts.length; at += CHUNK) await starter.startMany(starts.slice(at, at + CHUNK));
    return [];
  }

  /** A filter that fails keeps the message from its own workflow only. */
  #heardBy(message: OutboxMessage, rows: readonly ListeningTrigger[]): { listeners: Listener[]; refused: NewLetter[] } {
    const listeners: Listener[] = [];
    const refused: NewLetter[] = [];
    for (const row of rows) {
      try {
        const listener = this.#listenerOf(row);
        if (!this.#fits(listener, message)) continue;
        if (depthAfter(message) > DEEPEST) throw tooDeep();
        listeners.push(listener);
      } catch (thrown) {
        refused.push(messageLetter(message, row, thrown, this.#options.runtime.now()));
      }
    }
    return { listeners, refused };
  }

  #listenerOf(trigger: ListeningTrigger): Listener {
    const key = `${trigger.id}:${trigger.version}`;
    const known = this.#listeners.get(key);
    if (known !== undefined) return known;
    const config = eventConfig.parse(trigger.config);
    const filter = config.filter === undefined ? null : compileTemplate(config.filter);
    if (this.#listeners.size >= KEPT) this.#listeners.clear();
    const listener = { trigger, config, filter };
    this.#listeners.set(key, listener);
    return listener;
  }

  #fits({ config, filter }: Listener, { event }: OutboxMessage): boolean {
    if (!fitsPattern(config.event, event.type)) return false;
    if (config.topic !== undefined && config.topic !== event.topic) return false;
    const { runtime } = this.#options;
    return filter === null || Boolean(filter.resolve({ $trigger: event, $json: event, $now: runtime.now() }));
  }

  #startOf(message: OutboxMessage, { trigger, config }: Listener): Start {
    const { projectId, event } = message;
    const { id, workflowId, version, name } = trigger;
    const listener = config.group === undefined ? id : `group/${config.group}`;
    const key = JSON.stringify(['event', event.source, event.id, listener]);
    const expiresAt = this.#options.runtime.now() + KEY_TTL_MS;
    const depth = depthAfter(message);
    return { projectId, workflowId, version, triggerId: name, trigger: event, depth, key: { key, expiresAt } };
  }
}

/** Of the execution that the message starts. */
function depthAfter({ event }: OutboxMessage): number {
  return typeof event.causationdepth === 'number' ? event.causationdepth + 1 : 0;
}

/** Listeners without a group, and of each group the one that the key of the message belongs to. */
function oneOfEachGroup({ event }: OutboxMessage, listeners: readonly Listener[]): readonly Listener[] {
  if (listeners.every(({ config }) => config.group === undefined)) return listeners;
  const place = hash(event.partitionkey ?? event.id);
  const groups = Map.groupBy(listeners, ({ config, trigger }) => config.group ?? trigger.id);
  return [...groups.values()].map((members) => {
    const inOrder = members.toSorted((a, b) => (a.trigger.id < b.trigger.id ? -1 : 1));
    return inOrder[place % inOrder.length] as Listener;
  });
}

/** FNV-1a, 32 bits: spreads keys evenly, the same in every process. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
