/** With which messages of the log a replay starts its workflow: what it does, and what it would come to. */
import type { CloudEvent } from '../core/cloud-event.ts';
import { type ErrorInfo, toErrorInfo } from '../core/errors.ts';
import { DEEPEST, tooDeep } from '../core/execution/index.ts';
import { fitsPattern } from '../core/message-pattern.ts';
import type { LoggedMessage, MessageFilter, MessageStore } from '../ports/messages.ts';
import type { ReplayTrigger } from '../ports/replays.ts';
import { depthAfter, type EventListener, eventListener, takes } from './event-listener.ts';
import type { EventSchemas } from './event-schemas.ts';

export interface Chosen {
  /** As their readers see them. */
  readonly taken: readonly LoggedMessage[];
  /** Messages that the trigger does not take. */
  readonly skipped: number;
  /** Why each of the others could start nothing. */
  readonly refusals: readonly ErrorInfo[];
}

/** `schemas` absent: messages are read as they are. `now` in milliseconds. */
export async function chooseMessages(
  messages: readonly LoggedMessage[],
  trigger: ReplayTrigger | null,
  now: number,
  schemas: Pick<EventSchemas, 'read'> | undefined,
): Promise<Chosen> {
  const { readable, refused } = (await schemas?.read(messages)) ?? { readable: messages, refused: [] };
  const listener = trigger === null ? null : eventListener(trigger.config);
  const taken: LoggedMessage[] = [];
  const refusals = refused.map(({ error }) => error);
  for (const message of readable) {
    try {
      if (!fits(listener, message.event, now)) continue;
      if (depthAfter(message.event) > DEEPEST) throw tooDeep();
      taken.push(message);
    } catch (thrown) {
      refusals.push(toErrorInfo(thrown));
    }
  }
  return { taken, refusals, skipped: messages.length - taken.length - refusals.length };
}

/** As it would have come to the trigger. Throws where the filter fails. */
function fits(listener: EventListener | null, event: CloudEvent, now: number): boolean {
  return listener === null || (fitsPattern(listener.config.event, event.type) && takes(listener, event, now));
}

/** Messages that are looked at, at once and altogether, and how long that may go on: somebody waits for the answer. */
const BATCH = 200;
const PATIENCE_MS = 3_000;
/** Where looking and counting end. */
const LIMITS = { examined: 10_000, counted: 100_000 };
/** Of the messages, to be shown. */
const SHOWN = 5;

export interface Preview {
  /** Messages that the filter finds, and whether there are more. */
  readonly total: number;
  readonly more: boolean;
  /** How many of them, the oldest, were looked at; what follows is of these. */
  readonly examined: number;
  readonly taken: number;
  readonly refused: number;
  /** Places of the first, and whether each is taken. */
  readonly first: readonly { readonly id: number; readonly starts: boolean }[];
}

export interface PreviewNeeds {
  readonly messages: Pick<MessageStore, 'count' | 'read'>;
  readonly schemas: Pick<EventSchemas, 'read'>;
  readonly runtime: { now(): number };
}

/** What a replay that began now would come to. */
export async function previewReplay(
  { messages, schemas, runtime }: PreviewNeeds,
  filter: MessageFilter,
  trigger: ReplayTrigger | null,
  limits: typeof LIMITS = LIMITS,
): Promise<Preview> {
  const began = runtime.now();
  const found = await messages.count(filter, limits.counted + 1);
  const first: { id: number; starts: boolean }[] = [];
  let [examined, taken, refused, after] = [0, 0, 0, 0];
  while (examined < limits.examined && (examined === 0 || runtime.now() - began < PATIENCE_MS)) {
    const read = await messages.read({ ...filter, after, limit: BATCH });
    const chosen = await chooseMessages(read, trigger, runtime.now(), schemas);
    const starting = new Set(chosen.taken.map(({ id }) => id));
    for (const { id } of read.slice(0, SHOWN - first.length)) first.push({ id, starts: starting.has(id) });
    examined += read.length;
    taken += chosen.taken.length;
    refused += chosen.refusals.length;
    after = read.at(-1)?.id ?? after;
    if (read.length < BATCH) break;
  }
  // What was written in between was looked at, and not counted.
  const total = Math.max(Math.min(found, limits.counted), examined);
  return { total, more: found > limits.counted, examined, taken, refused, first };
}
