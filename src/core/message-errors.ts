/** Errors of messages, of their log and of brokers: a part of the one table in errors.ts. */
import { type ErrorEntry, permanent } from './error-entry.ts';

export const MESSAGE_ERRORS = {
  event_schema_not_found: permanent(
    404,
    'The type of messages has no schema, or no such version.',
    'List them with `myelin schemas`.',
  ),
  message_not_found: permanent(404, 'The log has no message at this position.', 'List them with `myelin messages`.'),
  event_group_not_found: permanent(404, 'No event trigger is of this group.', 'List the groups with `myelin groups`.'),
  replay_not_found: permanent(404, 'No replay has this id.', 'List them with `myelin replays`.'),
  event_schema_incompatible: permanent(
    409,
    'The new version of the schema would break readers of the one before.',
    'Each entry of `errors` names a place; only add to the schema, make a new type, or give `upcast`.',
  ),
  event_schema_in_use: permanent(
    409,
    'The schema is in use.',
    'The message says by what; what comes later is not checked with a version of the policy `allow`.',
  ),
  too_many_replays: permanent(
    409,
    'So many replays run in the project that no more may begin.',
    'Wait until one has ended, or cancel one: `myelin replays --cancel ID`.',
  ),
  broker_refused: permanent(
    502,
    'The broker refuses what it was asked for: its topic or queue, the sign-in, or the message.',
    'The message says what; `myelin connections test NAME` tries the sign-in.',
    'auth',
  ),
  message_invalid: permanent(
    422,
    'A message is not what its trigger takes, or does not fit the schema of its type.',
    'Correct who sends it, `decode` of the trigger, or the schema; a dead letter can be requeued with another payload.',
    'validation',
  ),
} as const satisfies Record<string, ErrorEntry>;
