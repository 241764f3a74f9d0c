/** What went wrong with an MCP server, in the words of the port. */
import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError, UnauthorizedError } from '@modelcontextprotocol/client';
import { MyelinError } from '../../../core/errors.ts';
import { asLost, isLost } from '../../../core/lost-answer.ts';
import { reasonOf } from '../source.ts';
import { STREAM_ENDED, STREAM_ENDED_WORDS } from './transport.ts';

export interface Failed {
  /** What was asked: `mcp:github` or `mcp:github/create_issue`. */
  readonly what: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** The call of a tool had gone out. */
  readonly isSent: boolean;
}

/** True where the server itself answered, or was only too slow: what led to it can be used again. */
export function isAnswer(error: unknown): boolean {
  if (error instanceof MyelinError) return error.code !== 'connection_failed';
  if (error instanceof ProtocolError) return !isStreamEnd(error);
  return error instanceof SdkError && LIVING.has(error.code);
}

const LIVING: ReadonlySet<SdkErrorCode> = new Set([
  SdkErrorCode.RequestTimeout,
  SdkErrorCode.InvalidResult,
  SdkErrorCode.UnsupportedResultType,
  SdkErrorCode.InputRequiredRoundsExceeded,
  SdkErrorCode.ListPaginationExceeded,
]);

const isStreamEnd = ({ code, message }: ProtocolError) => code === STREAM_ENDED && message.includes(STREAM_ENDED_WORDS);

/**
 * `tool_failed` where the server refuses or answers what is no answer, `timeout`, the reason of the signal, what the
 * egress says; else `tool_source_failed`: it died, or was not reached.
 */
export function asFailure(error: unknown, call: Failed): MyelinError {
  const failure = failureOf(error, call);
  return call.isSent && !isWord(error) ? asLost(failure) : failure;
}

/** Of ours, after which nothing was sent, or the tool itself has failed. */
const PLAIN: ReadonlySet<string> = new Set(['connection_failed', 'egress_denied', 'tool_failed']);

/** True where the server itself refuses the call, or was not reached after all. */
function isWord(error: unknown): boolean {
  const own = ownError(error);
  if (own !== undefined) return PLAIN.has(own.code) && !isLost(own);
  if (error instanceof ProtocolError) return !isStreamEnd(error);
  if (error instanceof SdkHttpError) return error.status !== 502 && error.status !== 504;
  return error instanceof UnauthorizedError;
}

function failureOf(error: unknown, { what, signal, timeoutMs }: Failed): MyelinError {
  if (signal.aborted) return reasonOf(signal);
  const own = ownError(error);
  if (own !== undefined)
    return own.code === 'connection_failed' ? failed('tool_source_failed', what, own.message, own) : own;
  if (error instanceof ProtocolError && !isStreamEnd(error)) {
    return failed('tool_failed', what, `the server refuses: ${clip(error.message)}`, error);
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return new MyelinError('timeout', `${what} did not answer within ${timeoutMs} ms.`, undefined, error);
  }
  if (error instanceof UnauthorizedError) return refusal(what, 401, error);
  if (error instanceof SdkHttpError && error.status >= 400 && error.status < 500) {
    const passes = [404, 408, 425, 429].includes(error.status);
    return passes
      ? failed('tool_source_failed', what, `answered ${error.status}`, error)
      : refusal(what, error.status, error);
  }
  if (error instanceof SdkHttpError) return failed('tool_source_failed', what, `answered ${error.status}`, error);
  if (isAnswer(error)) return failed('tool_failed', what, `the server gives no valid answer: ${wordsOf(error)}`, error);
  return failed('tool_source_failed', what, `the server died, or cannot be reached (${wordsOf(error)})`, error);
}

function refusal(what: string, status: number, error: unknown): MyelinError {
  const mend = status === 401 || status === 403 ? '; check `headers` in its configuration' : '';
  return failed('tool_failed', what, `the server refuses the request with ${status}${mend}`, error);
}

function failed(code: 'tool_failed' | 'tool_source_failed', what: string, why: string, cause: unknown): MyelinError {
  return new MyelinError(code, `${what}: ${why.replace(/\.$/, '')}.`, undefined, cause);
}

/** Ours, in whatever the library has wrapped it. */
function ownError(error: unknown): MyelinError | undefined {
  let found = error;
  for (let depth = 0; depth < 5 && found instanceof Error; depth++) {
    if (found instanceof MyelinError) return found;
    const data = found instanceof SdkError ? found.data : undefined;
    found = found.cause ?? (typeof data === 'object' && data !== null && 'cause' in data ? data.cause : undefined);
  }
  return undefined;
}

/** The code of the system, such as ENOENT, where there is one: it says more than the message. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string' ? `${code} of ${clip(syscall)}` : clip(error.message);
}

const clip = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 300)}…`);
