/** What a database of others, or the way to it, did instead of what it was asked to. */
import type { PostgresConfig } from '../../core/connections/types/postgres.ts';
import { type ErrorCode, MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { postgresTrouble } from './test-postgres.ts';

/** By the class of SQLSTATE or the whole: what may pass by itself. 08 connection, 40 conflict, 53 resources, 57P shutdown. */
const BUSY = /^(08...|40...|53...|55P03|57P0[1-5]|58000|58030)$/;
/** 28 sign-in, 3D000 no such database. */
const DENIED = /^(28...|3D000)$/;
const SQLSTATE = /^[0-9A-Z]{5}$/;
/** What the driver says without a code. */
const NO_PASSWORD = /SASL|password/;

/** What the server tells besides its message. */
const TOLD = ['constraint', 'schema', 'table', 'column', 'detail', 'hint', 'position'] as const;
const LONGEST = 500;

/** Of an error while nobody was signed in. */
export function signInFailure(error: unknown, config: PostgresConfig): MyelinError {
  if (error instanceof MyelinError) return error;
  const { code, text } = partsOf(error);
  const message = postgresTrouble(error, config);
  if (DENIED.test(code) || code === '42501' || NO_PASSWORD.test(text)) {
    return new MyelinError('connection_denied', message, { sqlstate: code });
  }
  return BUSY.test(code)
    ? new MyelinError('database_busy', message, { sqlstate: code })
    : new MyelinError('connection_failed', message);
}

/** Of an error while a statement ran. */
export function statementFailure(error: unknown, config: PostgresConfig, timeoutMs: number): MyelinError {
  if (error instanceof MyelinError) return error;
  const { code, text } = partsOf(error);
  if (!SQLSTATE.test(code)) {
    return new MyelinError('connection_failed', `The connection to ${config.host}:${config.port} broke.`);
  }
  if (code === '57014') return new MyelinError('timeout', `The statement took longer than ${timeoutMs} ms.`);
  const kind: ErrorCode = BUSY.test(code) ? 'database_busy' : 'query_failed';
  const more = code === '25006' ? '; set `write: true` where it is meant to write' : '';
  return new MyelinError(kind, `PostgreSQL says (${code}): ${text.slice(0, LONGEST)}${more}.`, dataOf(error, code));
}

function partsOf(error: unknown): { readonly code: string; readonly text: string } {
  const { code, message } = isObject(error) ? error : {};
  return { code: typeof code === 'string' ? code : '', text: typeof message === 'string' ? message : '' };
}

function dataOf(error: unknown, sqlstate: string): Readonly<Record<string, string>> {
  const told = TOLD.flatMap((name) => {
    const value = isObject(error) ? error[name] : undefined;
    return typeof value === 'string' ? [[name, value.slice(0, LONGEST)] as const] : [];
  });
  return { sqlstate, ...Object.fromEntries(told) };
}
