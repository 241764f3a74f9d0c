/** Exit codes, and what a failure says to a person: what happened and what to do, never a stack trace. */
import { ERRORS, MyelinError } from '../core/errors.ts';
import { ApiError } from '../sdk/index.ts';
import { clean } from './text.ts';

export const EXIT = {
  ok: 0,
  /** What the command looked at or waited for failed. */
  failed: 1,
  /** The command line is wrong; also `watch` and `run --wait` of an execution that was canceled. */
  usage: 2,
  canceled: 2,
  /** No server answers, or none that can take requests now. */
  unreachable: 3,
  /** The server refused: not found, not allowed, in conflict, not valid. */
  refused: 4,
} as const;

/** A failure of the command itself, with its exit code. */
export class CommandError extends Error {
  readonly exit: number;
  readonly code: string;

  constructor(code: string, message: string, exit: number = EXIT.failed) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.exit = exit;
  }
}

/** The command line asks for something that cannot be. */
export const usage = (message: string): CommandError => new CommandError('usage', message, EXIT.usage);

export interface Failure {
  readonly exit: number;
  /** For a person; may have several lines. */
  readonly text: string;
  /** For `--json`. */
  readonly error: Readonly<Record<string, unknown>>;
}

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof ApiError) return ofApi(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof CommandError || thrown instanceof MyelinError ? thrown.code : 'internal';
  const exit = thrown instanceof CommandError ? thrown.exit : EXIT.failed;
  return { exit, text: clean(message, true), error: { code, message } };
}

function ofApi(failure: ApiError): Failure {
  const { code, status, detail, errors } = failure;
  const lines = errors
    .map((fault) => `${clean(fault.path)}: ${clean(fault.message)}`)
    // The detail of a single fault often is that fault.
    .filter((line) => !clean(detail, true).endsWith(line))
    .map((line) => `  ${line}`);
  const advice = adviceFor(failure);
  const text = [clean(detail, true), ...lines, ...(advice === undefined ? [] : [advice])].join('\n');
  const error = { code, status, message: detail, ...(errors.length > 0 && { errors }) };
  return { exit: exitOf(failure), text, error };
}

function exitOf({ code, status }: ApiError): number {
  if (code === 'unreachable' || code === 'answer_invalid' || status >= 502) return EXIT.unreachable;
  return status >= 400 && status < 500 ? EXIT.refused : EXIT.failed;
}

/** Of what is not there, by its code: which command lists what is. */
const LISTINGS: ReadonlyMap<string, string> = new Map(
  Object.entries(ERRORS).flatMap(([code, { mend }]) =>
    mend.startsWith('List them with `myelin') ? [[code, mend]] : [],
  ),
);

function adviceFor({ code, retryAfter }: ApiError): string | undefined {
  if (code === 'unauthorized') {
    return 'Set MYELIN_API_KEY, or run the command where .myelin/credentials.json can be found.';
  }
  const listing = LISTINGS.get(code);
  if (listing !== undefined) return listing;
  if (code === 'not_asked') return 'Say who decides by --by, or in whose name by --as.';
  return retryAfter === undefined ? undefined : `Try again in ${retryAfter} s.`;
}
