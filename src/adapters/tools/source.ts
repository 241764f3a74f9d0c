/** What MCP servers and OpenAPI files have in common: a source lists its tools and calls one of them. */

import { createHash } from 'node:crypto';
import type { Effect } from '../../core/effect.ts';
import { MyelinError } from '../../core/errors.ts';
import { fitsGlob } from '../../core/glob.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { canonical } from '../../core/json-schema/place.ts';
import { SENT } from '../../core/lost-answer.ts';
import { assertSafe } from '../../core/safe-json.ts';
import type { ExternalCall, ExternalResult, ExternalTool, ToolSource } from '../../ports/tools.ts';

export interface Source extends ToolSource {
  list(signal: AbortSignal): Promise<readonly ExternalTool[]>;
  /** `name` is what follows the slash of the id. */
  call(name: string, call: ExternalCall): Promise<ExternalResult>;
  stop(): Promise<void>;
}

/** Secrets of the operator, by NAME. */
export type SecretValues = Readonly<Record<string, string>>;

/** Largest output of a tool, in bytes of JSON. */
export const MAX_OUTPUT_BYTES = 1024 * 1024;

/** SHA-256 of a definition, whatever the order of its fields. */
export const hashOf = (definition: unknown): string => createHash('sha256').update(canonical(definition)).digest('hex');

/** Every model takes such a name of a tool. */
export const validName = (text: string): string => text.replaceAll(/[^a-zA-Z0-9_-]+/g, '_').slice(0, 64) || 'tool';

export function isIncluded(include: readonly string[] | undefined, ...names: readonly string[]): boolean {
  return include === undefined || include.some((pattern) => names.some((name) => fitsGlob(pattern, name)));
}

/** The operator's word on a tool, else what its source says. */
export function effectOf(effects: Readonly<Record<string, Effect>>, fallback: Effect, ...names: string[]): Effect {
  const found = Object.entries(effects).find(([pattern]) => names.some((name) => fitsGlob(pattern, name)));
  return found?.[1] ?? fallback;
}

export function notFound(id: string): MyelinError {
  return new MyelinError('tool_not_found', `There is no tool ${id}; \`myelin tools\` lists all.`);
}

/** The tool of this name; refused where its definition is not the one that the caller has seen. */
export function pinned<T extends ExternalTool>(tool: T | undefined, { id, hash }: ExternalCall): T {
  if (tool === undefined) throw notFound(id);
  if (hash === undefined || hash === tool.hash) return tool;
  throw new MyelinError('tool_changed', `The tool ${id} was seen with another definition than it has now.`, {
    id,
    seen: hash,
    now: tool.hash,
  });
}

/** Arguments are sent by name. */
export function argumentsOf({ id, arguments: given }: ExternalCall): JsonObject {
  if (isObject(given)) return given;
  throw new MyelinError('config_invalid', `The arguments of ${id} must be an object.`);
}

/**
 * An output that is small enough to keep, and safe to read. Throws `tool_failed`: of a call that the tool has not
 * refused, since what it did is done.
 */
export function checkedOutput(id: string, output: unknown, isRefusal: boolean): Json {
  const refused = (why: string) => new MyelinError('tool_failed', why, isRefusal ? undefined : SENT);
  try {
    assertSafe(output);
  } catch (error) {
    throw refused(`The answer of ${id} is refused: ${(error as Error).message}`);
  }
  const size = Buffer.byteLength(JSON.stringify(output ?? null));
  if (size > MAX_OUTPUT_BYTES) {
    throw refused(`${id} answered ${size} bytes; at most ${MAX_OUTPUT_BYTES} are taken.`);
  }
  // It came as JSON, or is made of what did.
  return (output ?? null) as Json;
}

/** Why the call was ended from our side, as the port has it. */
export function reasonOf(signal: AbortSignal): MyelinError {
  const reason: unknown = signal.reason;
  return reason instanceof MyelinError ? reason : new MyelinError('interrupted', 'The call of the tool was aborted.');
}

/** Settles as the promise does, or rejects with the reason of the signal. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(reasonOf(signal));
  return new Promise((resolve, reject) => {
    const abort = () => reject(reasonOf(signal));
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The value of a secret. Throws `secret_missing`. */
export function secretOf(secrets: SecretValues, name: string, source: string): string {
  const value = secrets[name];
  if (value !== undefined) return value;
  throw new MyelinError('secret_missing', `${source} needs the secret ${name}: set MYELIN_SECRET_${name}.`, { name });
}
