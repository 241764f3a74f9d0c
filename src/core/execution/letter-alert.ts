/** The message that tells of a dead letter. */
import { type CloudEvent, isCloudEvent } from '../cloud-event.ts';
import { LETTER_CREATED } from '../dead-letter.ts';
import type { ErrorInfo } from '../errors.ts';
import { DEEPEST } from './depth.ts';
import { envelope, type Origin } from './envelope.ts';

/** What the message says of a letter. */
export interface Failed {
  readonly id: string;
  readonly executionId: string | null;
  readonly workflowId: string | null;
  readonly path: string | null;
  readonly attempts: number;
  readonly category: string;
  readonly action: string;
  readonly fingerprint: string;
  readonly error: ErrorInfo;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
}

/**
 * Null where the execution was itself started by such a message, or is too deep in a chain of them: else a workflow
 * that is to tell of failures, and fails, would tell of its own for ever.
 */
export function letterAlert(origin: Origin, letter: Failed): CloudEvent | null {
  const { trigger, depth } = origin;
  if (depth >= DEEPEST || (isCloudEvent(trigger) && trigger.type === LETTER_CREATED)) return null;
  return envelope(origin, noteOf(letter, origin.plan.name));
}

/** As `letterAlert`, of a message that could not be delivered; `workflow` is who could not take it, null: everybody. */
export function messageAlert(trigger: unknown, letter: Failed, workflow: string | null): CloudEvent | null {
  const depth = isCloudEvent(trigger) ? (trigger.causationdepth ?? 0) : 0;
  if (depth >= DEEPEST || (isCloudEvent(trigger) && trigger.type === LETTER_CREATED)) return null;
  const origin = { id: letter.id, trigger, depth, plan: { name: workflow ?? '' } };
  return { ...envelope(origin, noteOf(letter, workflow)), source: `/dead-letters/${letter.id}` };
}

function noteOf(letter: Failed, workflow: string | null) {
  const { id: letterId, failedAt, executionId, workflowId, path, attempts, category, action, fingerprint } = letter;
  const { code, message } = letter.error;
  const facts = { letterId, executionId, workflow, workflowId, path, attempts, category, action };
  const data = { ...facts, fingerprint, error: { code, message } };
  return { id: `${letterId}/${failedAt}`, at: failedAt, message: { type: LETTER_CREATED, data } };
}
