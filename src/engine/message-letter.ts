/** The dead letter of a message that a trigger could not take: requeued, it starts that workflow with the message. */
import { diagnose } from '../core/dead-letter.ts';
import { type ErrorInfo, toErrorInfo } from '../core/errors.ts';
import type { NewLetter } from '../ports/dead-letters.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { ListeningTrigger } from '../ports/store.ts';
import { derivedId } from './derived-id.ts';

/** `now` in milliseconds. The same message and trigger make the same letter. */
export function messageLetter(
  { projectId, event }: OutboxMessage,
  { id, name, workflowId, version }: ListeningTrigger,
  thrown: unknown,
  now: number,
): NewLetter {
  const info = toErrorInfo(thrown);
  const error: ErrorInfo = { ...info, message: `trigger ${name}: ${info.message}` };
  return {
    id: derivedId('letter', projectId, id, event.source, event.id),
    projectId,
    source: 'message',
    executionId: null,
    workflowId,
    version,
    triggerId: name,
    originalEvent: event,
    error,
    path: null,
    attempts: 0,
    ...diagnose(error, null),
    automatic: false,
    failedAt: now,
  };
}
