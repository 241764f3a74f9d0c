/** From an answer to what the tool has to say, or to the failure of its server. */
import { MyelinError } from '../../../core/errors.ts';
import type { EgressResponse } from '../../../ports/egress.ts';
import type { ExternalResult } from '../../../ports/tools.ts';
import { checkedOutput } from '../source.ts';

const DAY_MS = 86_400_000;

/**
 * What was answered, as JSON or text; what is neither as a note of its type and size. A 4xx is what the tool says of
 * its arguments; throws `tool_source_failed` for 408, 425, 429 and 5xx, which may pass.
 */
export function resultOf(id: string, response: EgressResponse): ExternalResult {
  const { status } = response;
  if (status >= 500 || status === 408 || status === 425 || status === 429) throw serverFailed(id, response);
  const body = bodyOf(response);
  if (status < 400) return { output: checkedOutput(id, body, false), isError: false };
  return { output: checkedOutput(id, { status, body }, true), isError: true };
}

function serverFailed(id: string, { status, headers }: EgressResponse): MyelinError {
  const seconds = /^\d+$/.exec(headers['retry-after']?.trim() ?? '')?.[0];
  const wait = seconds === undefined ? {} : { retryAfterMs: Math.min(Number(seconds) * 1_000, DAY_MS) };
  return new MyelinError('tool_source_failed', `The server of ${id} answered ${status}.`, { status, ...wait });
}

function bodyOf({ headers, body }: EgressResponse): unknown {
  if (body.length === 0) return null;
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  const text = decode(body);
  if (type === 'application/json' || type.endsWith('+json')) return text === undefined ? note(type, body) : json(text);
  const isText = type === '' || type.startsWith('text/') || /[/+](xml|yaml|x-ndjson)$/.test(type);
  return isText && text !== undefined ? text : note(type, body);
}

/** What calls itself JSON and is none is still text. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const note = (mediaType: string, body: Uint8Array) => ({ type: 'file', mediaType, size: body.length });

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
