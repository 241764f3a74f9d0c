/**
 * The dead letter of a message that could not be delivered, and the message that tells of it. Requeued, it starts the
 * workflow whose trigger could not take it, and nobody else; where it was no trigger, it is delivered again.
 */
import { type CloudEvent, isCloudEvent } from '../core/cloud-event.ts';
import { diagnose } from '../core/dead-letter.ts';
import { type ErrorInfo, MyelinError } from '../core/errors.ts';
import { messageAlert } from '../core/execution/index.ts';
import { isObject } from '../core/json.ts';
import type { NewLetter } from '../ports/dead-letters.ts';
import type { LeftMessage } from '../ports/messages.ts';
import type { ListeningTrigger } from '../ports/workflows.ts';
import type { Undelivered } from './deliverer.ts';
import { derivedId } from './derived-id.ts';

/** `now` in milliseconds. The same message and trigger make the same letter. */
export function messageLetter({ message, trigger, error }: Undelivered, now: number): LeftMessage {
  const { projectId, event, attempts } = message;
  const id = derivedId('letter', projectId, trigger?.id ?? null, event.source, event.id);
  return letterOf({ id, projectId, event, attempts: attempts + 1, trigger, error }, now);
}

/** Of what came from outside of the bus, such as a broker; `key` tells it from all others that the trigger may get. */
export interface Refused {
  readonly trigger: ListeningTrigger;
  readonly key: string;
  /** What the trigger would have made of it, as far as that came. */
  readonly event: unknown;
  readonly error: ErrorInfo;
}

export function refusedLetter({ trigger, key, event, error }: Refused, now: number): LeftMessage {
  const { projectId } = trigger;
  const id = derivedId('letter', projectId, trigger.id, key);
  return letterOf({ id, projectId, event, attempts: 1, trigger, error }, now);
}

interface Failed {
  readonly id: string;
  readonly projectId: string;
  readonly event: unknown;
  readonly attempts: number;
  readonly trigger: ListeningTrigger | undefined;
  readonly error: ErrorInfo;
}

function letterOf({ id, projectId, event, attempts, trigger, ...failure }: Failed, now: number): LeftMessage {
  const error = trigger === undefined ? failure.error : errorOf(trigger.name, failure.error);
  const letter: NewLetter = {
    id,
    projectId,
    source: 'message',
    executionId: null,
    workflowId: trigger?.workflowId ?? null,
    version: trigger?.version ?? null,
    triggerId: trigger?.name ?? null,
    originalEvent: event,
    error,
    path: null,
    attempts,
    ...diagnose(error, null),
    automatic: false,
    failedAt: now,
  };
  const alert = messageAlert(event, letter, trigger?.workflowName ?? null);
  return { letter, messages: alert === null ? [] : [{ projectId, event: alert }] };
}

const errorOf = (trigger: string, error: ErrorInfo): ErrorInfo => ({
  ...error,
  message: `trigger ${trigger}: ${error.message}`,
});

/** The message with other data: another message, which whoever has the first takes too. */
export function withData(event: unknown, data: unknown): unknown {
  if (isCloudEvent(event)) {
    const { data_base64: _, ...rest } = event;
    return { ...rest, id: `${event.id}/edited`, data } satisfies CloudEvent;
  }
  if (!isObject(event)) return data;
  const { encoding: _, truncated: __, size: ___, blob: ____, ...rest } = event;
  return { ...rest, data };
}

/** Throws `invalid_request` for a message that an earlier release did not keep whole. */
export function wholeMessage(event: unknown): unknown {
  if (!isObject(event) || event.truncated !== true) return event;
  throw new MyelinError('invalid_request', 'Only the beginning of the message was kept: requeue it with a payload.');
}
