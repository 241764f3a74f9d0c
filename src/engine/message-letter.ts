/**
 * The dead letter of a message that could not be delivered, and the message that tells of it. Requeued, it starts the
 * workflow whose trigger could not take it, and nobody else; where it was no trigger, it is delivered again.
 */
import type { CloudEvent } from '../core/cloud-event.ts';
import { diagnose } from '../core/dead-letter.ts';
import type { ErrorInfo } from '../core/errors.ts';
import { messageAlert } from '../core/execution/index.ts';
import type { NewLetter } from '../ports/dead-letters.ts';
import type { Undelivered } from './deliverer.ts';
import { derivedId } from './derived-id.ts';
import type { LeftLetter } from './letter.ts';

/** `now` in milliseconds. The same message and trigger make the same letter. */
export function messageLetter({ message, trigger, ...failure }: Undelivered, now: number): LeftLetter {
  const { projectId, event } = message;
  const error = trigger === undefined ? failure.error : errorOf(trigger.name, failure.error);
  const letter: NewLetter = {
    id: derivedId('letter', projectId, trigger?.id ?? null, event.source, event.id),
    projectId,
    source: 'message',
    executionId: null,
    workflowId: trigger?.workflowId ?? null,
    version: trigger?.version ?? null,
    triggerId: trigger?.name ?? null,
    originalEvent: event,
    error,
    path: null,
    attempts: message.attempts + 1,
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
export function withData(event: CloudEvent, data: unknown): CloudEvent {
  const { data_base64: _, ...rest } = event;
  return { ...rest, id: `${event.id}/edited`, data };
}
