/** What a call of the client throws, whatever went wrong on the way. */
import type { Problem } from '../contract/problem.ts';
import type { ErrorCode, Fault } from '../core/errors.ts';

/** A code of the error table, or what the client itself found. */
export type ApiErrorCode =
  | ErrorCode
  /** Nobody listens at the address, or the connection broke. */
  | 'unreachable'
  /** What answered does not speak as Myelin does. */
  | 'answer_invalid'
  | (string & Record<never, never>);

export interface ApiErrorDetails {
  readonly errors?: readonly Fault[] | undefined;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  readonly executionId?: string | undefined;
  readonly cause?: unknown;
}

export class ApiError extends Error {
  readonly code: ApiErrorCode;
  /** Of HTTP; 0 where no answer came. */
  readonly status: number;
  /** What happened, for a person. */
  readonly detail: string;
  /** One for each fault of a document or request. */
  readonly errors: readonly Fault[];
  /** Seconds after which to try again, where the server said so. */
  readonly retryAfter: number | undefined;
  /** Of a webhook that waited for a result which failed. */
  readonly executionId: string | undefined;

  constructor(code: ApiErrorCode, status: number, detail: string, details: ApiErrorDetails = {}) {
    super(detail, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.errors = details.errors ?? [];
    this.retryAfter = details.retryAfter;
    this.executionId = details.executionId;
  }

  static fromProblem(problem: Problem, retryAfter: number | undefined): ApiError {
    const { code, status, detail, errors, executionId } = problem;
    return new ApiError(code, status, detail, { errors, retryAfter, executionId });
  }

  /** True where the same call may succeed later: nothing answered, or the server asked to wait. */
  get isTransient(): boolean {
    return this.code === 'unreachable' || this.status === 429 || this.status >= 502;
  }
}
