/**
 * A message as everybody sees it: a CloudEvent 1.0 in its JSON form (docs/events.md). Extensions of ours: `partitionkey`
 * (what shall stay in order), `topic`, `correlationid`, `causationid`, and `causationdepth`, which stops endless loops.
 */
import { isObject } from './json.ts';

export interface CloudEvent {
  readonly specversion: '1.0';
  /** With `source`, what tells two messages apart. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time?: string;
  readonly subject?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: unknown;
  readonly data_base64?: string;
  readonly partitionkey?: string;
  readonly topic?: string;
  readonly correlationid?: string;
  /** Id of the message, or else of the execution, that caused this one. */
  readonly causationid?: string;
  /** Executions before it that caused one another. */
  readonly causationdepth?: number;
  readonly [extension: string]: unknown;
}

/** What the type of a message may be: words with points between, such as `order.created`. */
export const MESSAGE_TYPE = /^[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,199}$/;

/** A key or topic: no control characters, which PostgreSQL cannot hold in a text. */
export const MESSAGE_WORD = /^\P{Cc}{1,200}$/u;

/** Longest data of a message, in characters of JSON: what is larger belongs in a blob store, with its address here. */
export const LARGEST_MESSAGE = 256 * 1024;

/** True where `$trigger` is a message: the execution was started by one. */
export function isCloudEvent(trigger: unknown): trigger is CloudEvent {
  return isObject(trigger) && trigger.specversion === '1.0' && typeof trigger.id === 'string';
}
