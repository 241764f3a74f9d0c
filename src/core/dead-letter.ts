/**
 * What a failure for good is made out to be: its category, what to do about it, whether a rule may try it again, and
 * a fingerprint that failures of the same cause share.
 */
import { CATEGORIES, type Category, ERRORS, type ErrorInfo } from './errors.ts';
import { isObject } from './json.ts';

export const LETTER_STATUSES = ['NEW', 'REVIEWED', 'RETRIED', 'ARCHIVED'] as const;
/** `NEW`: nobody has looked. `REVIEWED`: a person has it in hand. `RETRIED`: it is tried again. `ARCHIVED`: put away. */
export type LetterStatus = (typeof LETTER_STATUSES)[number];

/** The message that tells of a dead letter: workflows may start by it. */
export const LETTER_CREATED = 'dead_letter.created';

interface Diagnosis {
  readonly category: Category;
  /** What a person should do. */
  readonly action: string;
  /** Whether trying again without a person can do no harm, as far as the error tells. */
  readonly retryable: boolean;
}

/** Trying these again by rule would do harm, or come to nothing. */
const NEVER_BY_RULE: ReadonlySet<string> = new Set([
  // Nobody knows if the effect happened.
  'in_doubt',
  // It would take the process with it again.
  'crash_loop',
  'execution_corrupt',
  // A new child would repeat what the old one did.
  'child_failed',
  // A person stopped the undoing.
  'canceled',
]);

/** Their data has the status that the target answered. */
const BY_STATUS: ReadonlySet<string> = new Set([
  'http_client_error',
  'http_server_error',
  'http_rate_limited',
  'model_failed',
]);
const STATUSES: Readonly<Record<number, Category>> = {
  401: 'auth',
  403: 'auth',
  407: 'auth',
  408: 'timeout',
  425: 'rate_limit',
  429: 'rate_limit',
  504: 'timeout',
};

/** Children within children; deeper than any can be. */
const DEEPEST = 100;

export function classify(error: ErrorInfo): Diagnosis {
  const row = rowOf(error.code);
  const action = row?.mend ?? 'Read the message: the workflow made this error itself, by a node of type `fail`.';
  return { category: categoryOf(rootOf(error)), action, retryable: !NEVER_BY_RULE.has(error.code) };
}

/** The error that an error of a child, or of a compensation, stands for. */
const rootOf = (error: ErrorInfo): ErrorInfo => causesOf(error).at(-1)!;

/** The error, and those that it stands for: of a child, and of the child of that. */
export function causesOf(error: ErrorInfo): readonly ErrorInfo[] {
  const causes = [error];
  for (let at = causeOf(error); at !== undefined && causes.length <= DEEPEST; at = causeOf(at)) causes.push(at);
  return causes;
}

function causeOf({ code, data }: ErrorInfo): ErrorInfo | undefined {
  if (!isObject(data)) return undefined;
  const holder = code === 'compensation_failed' && Array.isArray(data.failed) ? data.failed[0] : data;
  const hasCause = code === 'child_failed' || code === 'compensation_failed';
  const cause = hasCause && isObject(holder) ? holder.error : undefined;
  return isObject(cause) && typeof cause.code === 'string' ? (cause as unknown as ErrorInfo) : undefined;
}

/**
 * A code of a workflow's own: the author may have named a category by it; what may pass by itself is trouble with
 * something outside; of all else we know nothing.
 */
function categoryOf({ code, kind, data }: ErrorInfo): Category {
  const row = rowOf(code);
  if (row === undefined) return isCategory(code) ? code : kind === 'transient' ? 'connectivity' : 'unknown';
  const status = BY_STATUS.has(code) && isObject(data) ? Number(data.status) : 0;
  return STATUSES[status] ?? row.category;
}

const isCategory = (code: string): code is Category => (CATEGORIES as readonly string[]).includes(code);
const rowOf = (code: string) => (Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS] : undefined);

/** What a letter says of its error. */
export function diagnose(error: ErrorInfo, path: string | null) {
  const { category, action } = classify(error);
  return { category, action, fingerprint: fingerprintOf(error, path) };
}

/** Longest fingerprint, in characters. */
const LONGEST = 300;
/** Of a message, what is looked at. */
const LOOKED_AT = 2_000;

/**
 * Code, node and message, with everything replaced that differs from case to case: numbers, ids, quoted text, and the
 * numbers of iterations. Failures of a workflow with the same fingerprint are one group.
 */
export function fingerprintOf(error: ErrorInfo, path: string | null): string {
  const place = path === null ? '' : ` ${path.replace(/\[\d+\]/g, '[]')}`;
  const isPlaced = path !== null && error.message.startsWith(`${path}: `);
  const message = isPlaced ? error.message.slice(path.length + 2) : error.message;
  const text = `${error.code}${place}: ${generalized(message.slice(0, LOOKED_AT))}`;
  return [...text].slice(0, LONGEST).join('').toWellFormed();
}

function generalized(message: string): string {
  return message
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/"[^"]*"|`[^`]*`|(?<!\w)'[^']*'(?!\w)/g, '<text>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\b(?=[a-z_]*\d)(?=\d*[a-z_])\w{12,}\b/gi, '<id>')
    .replace(/\d+(?:[.,]\d+)*/g, '<n>')
    .trim();
}
