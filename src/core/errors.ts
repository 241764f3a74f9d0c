/**
 * The one closed table of errors. The kind drives retry and log level, the status drives HTTP,
 * `mend` is what a person should do. `docs/errors.md` is kept equal to this table by a test.
 */
import { CONNECTION_ERRORS } from './connections/errors.ts';
import { type ErrorEntry, type ErrorKind, permanent, transient } from './error-entry.ts';
import { isObject } from './json.ts';
import { MESSAGE_ERRORS } from './message-errors.ts';

export { CATEGORIES, type Category, type ErrorKind } from './error-entry.ts';

export const ERRORS = {
  // What a caller sent
  invalid_json: permanent(400, 'The body is not valid JSON.', 'Send well-formed JSON; the message names the position.'),
  invalid_yaml: permanent(400, 'The document is not valid YAML.', 'Correct the line that the message names.'),
  unsafe_key: permanent(
    400,
    'A key named __proto__, constructor or prototype was sent.',
    'Rename the key; these names are refused in every input.',
  ),
  too_deep: permanent(400, 'The value is nested more than 100 levels deep.', 'Flatten the value.'),
  invalid_request: permanent(
    400,
    'The request does not fit the schema of this endpoint.',
    'Each entry of `errors` names a field and what it takes.',
  ),
  invalid_definition: permanent(
    422,
    'The workflow definition has faults.',
    'Each entry of `errors` names the place and the mend; all faults are listed at once.',
  ),
  unauthorized: permanent(
    401,
    'No valid API key and no sign-in came with the request.',
    'Send `Authorization: Bearer KEY`; in a browser, sign in: `myelin open` makes a link.',
  ),
  signature_invalid: permanent(
    401,
    'The webhook signature is missing, wrong or stale.',
    'Sign the raw body with the shared secret, and check the clock of the sender.',
  ),
  forbidden: permanent(403, 'The caller may not do this.', 'Ask the owner of the project for the permission.'),
  origin_refused: permanent(
    403,
    'A page of another origin asked, by the cookie of a browser that is signed in.',
    'Use the pages of this server at its PUBLIC_URL; programs send a key instead of the cookie.',
  ),
  not_found: permanent(404, 'There is nothing at this address.', 'Check the path and the id.'),
  workflow_not_found: permanent(404, 'No workflow has this id or name.', 'List them with `myelin workflows`.'),
  version_not_found: permanent(404, 'The workflow has no such version.', 'List them with `myelin versions NAME`.'),
  execution_not_found: permanent(404, 'No execution has this id.', 'List them with `myelin executions`.'),
  node_not_found: permanent(
    404,
    'The execution has no such node, or not yet.',
    'Its addresses are in `GET /api/executions/:id`, such as each[3]/fetch.',
  ),
  approval_not_found: permanent(404, 'No approval has this id.', 'List them with `myelin approvals`.'),
  callback_not_found: permanent(
    404,
    'This is no callback address, or not any more.',
    'Use `$execution.callbackUrl` of the execution as it is.',
  ),
  trigger_not_found: permanent(
    404,
    'No trigger has this id.',
    'List them with `myelin triggers`, their ids with `GET /api/workflows/:id/triggers`.',
  ),
  not_a_poll: permanent(422, 'Only polls can be made to look.', 'Name a trigger of the type `poll`.'),
  not_a_schedule: permanent(422, 'Only schedules have times.', 'Name a trigger of the type `schedule`.'),
  dead_letter_not_found: permanent(404, 'No dead letter has this id.', 'List them with `myelin dead-letters`.'),
  delivery_not_found: permanent(404, 'No webhook that was sent has this id.', 'List them with `myelin deliveries`.'),
  delivery_not_kept: permanent(
    409,
    'What the webhook said is not kept: it held a secret, or is of an earlier release.',
    'Retry its execution, which sends it anew.',
  ),
  session_not_found: permanent(404, 'No session has this id or key.', 'List them with `myelin sessions`.'),
  session_conflict: permanent(
    409,
    'Others have written to the session since.',
    'Read it again from the number that the message names, and repeat the request.',
  ),
  session_ended: permanent(409, 'The session has ended.', 'Begin another, under another key.'),
  budget_not_found: permanent(404, 'There is no such budget.', 'List them with `myelin budgets`.'),
  template_not_found: permanent(404, 'There is no template of this name.', 'List them with `myelin templates`.'),
  prompt_not_found: permanent(404, 'No prompt has this name or version.', 'List them with `myelin prompts`.'),
  connection_not_found: permanent(404, 'No connection has this id or name.', 'List them with `myelin connections`.'),
  key_not_found: permanent(404, 'No key has this id.', 'List them with `myelin keys`.'),
  blob_not_found: permanent(404, 'No blob has this hash.', 'Upload it first, with POST /api/blobs.'),
  webhook_not_found: permanent(
    404,
    'No active webhook has this path and method.',
    'Check the path, and that the workflow is active.',
  ),
  method_not_allowed: permanent(405, 'The address does not take this method.', 'Use one of the methods in `Allow`.'),
  workflow_exists: permanent(409, 'A workflow of this name exists.', 'Update it with PUT, or choose another name.'),
  webhook_path_taken: permanent(
    409,
    'Another workflow of the project holds this webhook path.',
    'Choose another path, or pause the workflow that holds it.',
  ),
  key_exists: permanent(409, 'A key of this name exists.', 'Choose another name, or revoke that one first.'),
  too_many_keys: permanent(409, 'The project has as many keys as it may.', 'Revoke those that nobody uses.'),
  last_owner_key: permanent(
    409,
    'It is the last owner key that does not expire; without one nobody could make another.',
    'Make another key of the role owner that does not expire, and revoke this one by it.',
  ),
  connection_exists: permanent(409, 'A connection of this name exists.', 'Change that one, or choose another name.'),
  connection_in_use: permanent(
    409,
    'Active workflows name the connection, or the feed of events goes by it.',
    'The message says which; pause or change them first.',
  ),
  connection_target_changed: permanent(
    422,
    'A change would send secrets that were given before to another place.',
    'Give the secrets that the message names again, with the change.',
  ),
  master_key_given: permanent(
    409,
    'The master key is a setting, which the server cannot change.',
    'Put another key into MYELIN_MASTER_KEY, as the message says, and rotate again.',
  ),
  workflow_not_active: permanent(409, 'The workflow is a draft or paused.', 'Activate it first.'),
  version_conflict: permanent(
    409,
    'The workflow was changed by someone else in between.',
    'Read it again and repeat the change.',
  ),
  illegal_transition: permanent(
    409,
    'The execution cannot go from its present status to the wanted one.',
    'The message names both; see the state machine in docs/ARCHITECTURE.md.',
  ),
  already_decided: permanent(
    409,
    'The approval was decided before, or its time is over.',
    'Nothing: `decision` says what was decided first, by whom and when.',
  ),
  callback_taken: permanent(409, 'The callback has been taken already.', 'Nothing: the first one counts.'),
  not_asked: permanent(
    403,
    'The approval asks others.',
    'Decide as one of those the message names (`as`), as `owner`, or delegate it.',
  ),
  dead_letter_resolved: permanent(
    409,
    'The dead letter was requeued or archived already.',
    'Look at its execution; should that fail again, the letter is NEW again.',
  ),
  execution_active: permanent(409, 'The execution has not ended.', 'Cancel it first.'),
  body_too_large: permanent(
    413,
    'The body is larger than the limit.',
    'Send less, or raise `MYELIN_MAX_BODY`, and `maxBody` of a webhook.',
  ),
  unsupported_media_type: permanent(415, 'The content type is not understood.', 'Send application/json.'),
  rate_limited: transient(429, 'Too many requests.', 'Wait as long as `Retry-After` says.', 'rate_limit'),

  // What happened while a node ran
  expression_invalid: permanent(
    422,
    'An expression cannot be compiled.',
    'The message names the place in the text.',
    'bug',
  ),
  expression_failed: permanent(
    422,
    'An expression failed at run time.',
    'The message names the node, the field and the expression.',
    'bug',
  ),
  expression_limit: permanent(
    422,
    'An expression took more steps or made a larger value than allowed.',
    'Do less in one expression, or use a code node.',
    'bug',
  ),
  config_invalid: permanent(
    422,
    'The configuration of a node, after its expressions, does not fit its schema.',
    'The message names the field and what it takes.',
  ),
  limit_exceeded: permanent(422, 'A loop or a value passed its limit.', 'Raise the limit, or do less.'),
  secret_missing: permanent(
    422,
    'A secret that an expression names is not set.',
    'Set it, and retry the execution.',
    'auth',
  ),
  ...CONNECTION_ERRORS,

  // Messages, and brokers
  ...MESSAGE_ERRORS,
  code_failed: permanent(422, 'The code of a node threw an error.', 'The message has the error and its line.', 'bug'),
  code_limit: permanent(
    422,
    'The code of a node took more time or memory than allowed.',
    'Do less, or raise `timeout` or `memory` of the node.',
    'bug',
  ),
  node_failed: permanent(
    500,
    'A node failed for a reason it did not classify.',
    'Read the message and the log.',
    'unknown',
  ),
  http_client_error: permanent(
    502,
    'The target answered with a 4xx status.',
    'Correct the request, or list the status in `allowStatus`.',
  ),
  http_server_error: transient(502, 'The target answered with a 5xx status.', 'Wait, or ask who runs the target.'),
  http_rate_limited: transient(
    502,
    'The target answered 408, 425 or 429.',
    'Wait; `Retry-After` is honored.',
    'rate_limit',
  ),
  http_too_large: permanent(502, 'The answer of the target is larger than allowed.', 'Ask for less, or page.'),
  http_invalid_answer: permanent(
    502,
    'The answer of the target is not what its content type says.',
    'Set `response: text` to take it as it is.',
  ),
  connection_failed: transient(
    502,
    'The target could not be reached, or the connection broke.',
    'Check host and port.',
  ),
  egress_denied: permanent(
    422,
    'The address is private, local or not on the allow list.',
    'Use a public address, or name the host in MYELIN_EGRESS_ALLOW.',
    'auth',
  ),
  circuit_open: transient(
    503,
    'What the node depends on has failed too often; it is left alone for a while.',
    'Nothing: the node goes on when it answers again. See `myelin breakers`.',
  ),
  timeout: transient(
    504,
    'It took longer than its time limit.',
    'Raise `timeout` or `deadline`, or look at what hangs.',
    'timeout',
  ),
  model_not_found: permanent(422, 'No model has this name.', 'Check `model`; a scripted model names its rule file.'),
  model_failed: transient(502, 'The model could not answer.', 'Wait, or use another model.'),
  model_refused: permanent(
    502,
    'The provider does not take the request.',
    'The message has its reason; check the model, its key and the config of the node.',
  ),
  model_key_missing: permanent(
    422,
    'The model has no key.',
    'Set the variable that the message names and start again; `myelin doctor` looks at all.',
    'auth',
  ),
  answer_lost: transient(
    502,
    'A crash cut a model call off, and its provider has not kept the answer.',
    'Nothing: the call is made again; the books count the lost one as unknown.',
  ),
  context_too_long: permanent(
    422,
    'The conversation is longer than the model can read.',
    'Turn on `memory.summarize`, lower `limits.result`, send less, or take a model with a larger window.',
  ),
  budget_exceeded: permanent(
    402,
    'A budget has not enough left for the call, so it was not made.',
    'Raise the limit that the message names and retry, or see `myelin usage` for what was spent. One that the workflow sets counts for executions that begin after the change.',
    'rate_limit',
  ),
  tool_not_found: permanent(422, 'There is no such tool.', 'List them with `myelin tools`.'),
  tool_changed: permanent(
    422,
    'The tool is not the one that was seen first: its definition has changed.',
    'Look at it with `myelin tools`, then start again.',
    'auth',
  ),
  tool_failed: permanent(502, 'The tool says that it failed.', 'The message has what it said.', 'unknown'),
  tool_source_failed: transient(
    502,
    'The server of the tool does not answer, or died.',
    'Look at its log; the call is made again where its effect allows it.',
  ),
  output_invalid: permanent(
    422,
    'The output does not fit the wanted JSON Schema.',
    'Change the prompt, or the schema.',
  ),
  child_failed: permanent(422, 'The child execution failed.', 'Look at the child; its id is in the error.', 'unknown'),
  in_doubt: permanent(
    409,
    'A crash came while a node with an irreversible effect ran, or a tool of an agent with such an effect did not answer; nobody knows if the effect happened.',
    'Look at the target, then resolve the node as happened or not; a retry would do it again.',
    'unknown',
  ),
  interrupted: transient(500, 'The process ended while the node ran.', 'Nothing: the engine goes on by itself.'),
  canceled: permanent(409, 'The execution was canceled.', 'Start it again if that was not meant.', 'unknown'),
  compensation_failed: permanent(
    500,
    'Something that was done could not be undone.',
    'Each entry of `failed` names a node; mend the cause and retry, or undo it by hand and skip its compensation.',
    'unknown',
  ),
  crash_loop: permanent(
    500,
    'The process died three times while this node ran.',
    'Look for what the node does to memory, then retry.',
  ),
  execution_corrupt: permanent(
    500,
    'The history of the execution cannot be read; it was set aside.',
    'Restore the rows of its stream from a backup.',
  ),

  // What is wrong with the house
  store_unavailable: transient(
    503,
    'PostgreSQL does not answer.',
    'Wait as long as `Retry-After` says; the server reconnects by itself.',
  ),
  overloaded: transient(
    503,
    'The server has more work than it can take.',
    'Wait as long as `Retry-After` says.',
    'rate_limit',
  ),
  shutting_down: transient(503, 'The server is stopping.', 'Repeat the request; another process takes it.'),
  schema_newer: permanent(
    500,
    'The database was made by a newer version of Myelin.',
    'Start the newer version, or use another database.',
  ),
  home_in_use: permanent(
    500,
    'Another Myelin runs on this home folder.',
    'Stop it, or set MYELIN_HOME to another folder.',
  ),
  postgres_failed: permanent(
    500,
    'The embedded PostgreSQL did not start.',
    'Read the log file that the message names.',
  ),
  config_refused: permanent(500, 'A setting is not valid.', 'The message names it; `myelin config` prints all.'),
  internal: permanent(500, 'A fault of Myelin itself.', 'Please report it, with the log line.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** The form in which an error is stored and sent. `code` is one of the table, or one a `fail` node chose. */
export interface ErrorInfo {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly data?: unknown;
}

/** One fault of a document or request: where, and what to do about it. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export class MyelinError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly data: unknown;

  constructor(code: ErrorCode, message?: string, data?: unknown, cause?: unknown) {
    super(message ?? ERRORS[code].meaning, cause === undefined ? undefined : { cause });
    this.name = 'MyelinError';
    this.code = code;
    this.kind = ERRORS[code].kind;
    this.data = data;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  toInfo(): ErrorInfo {
    const info = { code: this.code, kind: this.kind, message: this.message };
    return this.data === undefined ? info : { ...info, data: this.data };
  }
}

/** Any thrown value as an `ErrorInfo`; what is not ours becomes `fallback`. */
export function toErrorInfo(thrown: unknown, fallback: ErrorCode = 'node_failed'): ErrorInfo {
  if (thrown instanceof MyelinError) return thrown.toInfo();
  const message = isObject(thrown) && typeof thrown.message === 'string' ? thrown.message : String(thrown);
  return { code: fallback, kind: ERRORS[fallback].kind, message };
}
