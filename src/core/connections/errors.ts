/** Errors of connections and of what they lead to: a part of the one table in core/errors. */
import { type ErrorEntry, permanent, transient } from '../error-entry.ts';

export const CONNECTION_ERRORS = {
  connection_missing: permanent(
    422,
    'There is no connection of this name, or it is of another type.',
    'Add it with `myelin connections add`, and retry the execution.',
    'auth',
  ),
  connection_sealed: permanent(
    500,
    'The secrets of a connection cannot be decrypted with the master key of this server.',
    'Give every machine the same MYELIN_MASTER_KEY or master.key; where the key is lost, enter the secrets anew.',
    'auth',
  ),
  connection_denied: permanent(
    502,
    'What a connection leads to does not let us in.',
    'Try it with `myelin connections test NAME`, and correct its user, password or token.',
    'auth',
  ),
  query_failed: permanent(
    422,
    'The database refused the statement.',
    'The message has its reason; `sqlstate` is the code of PostgreSQL.',
  ),
  database_busy: transient(
    502,
    'The database cannot do it at this moment.',
    'Nothing: it may pass by itself; `sqlstate` is the code of PostgreSQL.',
  ),
  mail_refused: permanent(
    502,
    'The mail server does not take the mail.',
    'The message has its reason; check sender, recipients and size.',
  ),
  mail_deferred: transient(
    502,
    'The mail server does not take the mail at this moment.',
    'Nothing, or ask who runs it.',
  ),
  slack_refused: permanent(
    502,
    'Slack does not take the message.',
    'The message says why; `reason` is the word of Slack.',
  ),
} as const satisfies Record<string, ErrorEntry>;
