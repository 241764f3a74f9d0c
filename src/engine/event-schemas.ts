/**
 * Schemas of messages as this process knows them: all of them, so that an `emit` node, which is decided in memory, can
 * be refused. Others' changes are heard of, and looked for each second, so for a moment a message may be taken by the
 * rules of before; what its readers see is made when it is delivered.
 */
import { toErrorInfo } from '../core/errors.ts';
import { type EventSchema, sayFaults, versionOf } from '../core/event-schema/event-schema.ts';
import {
  type Checked,
  checkMessage,
  prepared,
  type Read,
  readMessage,
  type Version,
  type Versions,
} from '../core/event-schema/read-message.ts';
import type { EventSchemaStore, Schemas } from '../ports/event-schemas.ts';
import type { LoggedMessage } from '../ports/messages.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Undelivered } from './deliverer.ts';
import { Loop } from './loop.ts';

export interface EventSchemasOptions {
  readonly store: Pick<EventSchemaStore, 'changed'>;
  readonly runtime: Runtime;
}

/** Messages as their readers see them, in their order, and those that nobody can read. */
export interface ReadMessages {
  readonly readable: readonly LoggedMessage[];
  readonly refused: readonly Undelivered[];
}

const EVERY_MS = 1_000;

export class EventSchemas implements Service, Schemas {
  readonly #options: EventSchemasOptions;
  readonly #loop: Loop;
  #mark: string | null = null;
  /** By project and type. */
  #known: ReadonlyMap<string, Versions> = new Map();

  constructor(options: EventSchemasOptions) {
    this.#options = options;
    const round = () => this.refresh().then(() => EVERY_MS);
    this.#loop = new Loop({ name: 'event schemas', runtime: options.runtime, round });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async runOnce(): Promise<void> {
    await this.refresh();
  }

  /** Some were written or deleted. */
  wake(): void {
    this.#loop.wake();
  }

  /** After it, this process knows what was written before. */
  async refresh(): Promise<void> {
    const all = await this.#options.store.changed(this.#mark);
    if (all === null) return;
    this.#mark = all.mark;
    this.#known = byType(all.schemas);
  }

  check(projectId: string, message: Parameters<Schemas['check']>[1]): Checked | undefined {
    const versions = this.#known.get(placeOf(projectId, message.type));
    return versions && checkMessage(versions, message);
  }

  /** As of the newest version; also for whoever reads the log again. */
  async read(messages: readonly LoggedMessage[]): Promise<ReadMessages> {
    if (messages.some((one) => this.#isNews(one))) await this.refresh();
    const readable: LoggedMessage[] = [];
    const refused: Undelivered[] = [];
    for (const message of messages) {
      const versions = this.#known.get(placeOf(message.projectId, message.event.type));
      try {
        readable.push(versions === undefined ? message : this.#read(versions, message));
      } catch (error) {
        refused.push({ message, error: toErrorInfo(error, 'internal') });
      }
    }
    return { readable, refused };
  }

  #read(versions: Versions, message: LoggedMessage): LoggedMessage {
    const { event, unfit }: Read = readMessage(versions, message.event);
    if (unfit.length > 0) {
      const about = { projectId: message.projectId, message: event.id, type: event.type, fault: sayFaults(unfit) };
      this.#options.runtime.log.warn(about, 'a message does not fit its schema; it is delivered as its policy says');
    }
    return event === message.event ? message : { ...message, event };
  }

  /** It was written under a version that this process has not heard of, or that was deleted. */
  #isNews({ projectId, event: { type, dataschema } }: LoggedMessage): boolean {
    const version = versionOf(type, dataschema);
    if (version === undefined) return false;
    return !this.#known.get(placeOf(projectId, type))?.some((one) => one.version === version);
  }
}

const placeOf = (projectId: string, type: string) => `${projectId} ${type}`;

function byType(schemas: readonly EventSchema[]): ReadonlyMap<string, Versions> {
  const known = new Map<string, [Version, ...Version[]]>();
  for (const schema of schemas) {
    const place = placeOf(schema.projectId, schema.type);
    const version = prepared(schema);
    const before = known.get(place);
    if (before === undefined) known.set(place, [version]);
    else before.push(version);
  }
  return known;
}
