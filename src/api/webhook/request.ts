/** A request as `$trigger` shows it: body by its content type, headers without credentials, query, params, method. */

import { MyelinError } from '../../core/errors.ts';
import { isUnsafeKey, parseJson } from '../../core/safe-json.ts';
import type { WebhookConfig } from '../../triggers/webhook/config.ts';

export interface WebhookTrigger {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly params: Readonly<Record<string, string>>;
  readonly method: string;
}

type Fields = Record<string, string | string[]>;

/** Signatures and credentials: what proves who called must not lie in a history. */
const ALWAYS_HIDDEN = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'webhook-signature',
  'x-hub-signature',
  'x-hub-signature-256',
  'stripe-signature',
  'x-slack-signature',
  'x-signature',
];

/** Those of this webhook: its own signature header and the headers whose value is a secret. */
export function hiddenHeaders({
  verify,
  requireHeaders,
}: Pick<WebhookConfig, 'verify' | 'requireHeaders'>): ReadonlySet<string> {
  const secret = Object.entries(requireHeaders ?? {}).filter(([, wanted]) => wanted !== true);
  const names = [...secret.map(([name]) => name), ...(verify?.header === undefined ? [] : [verify.header])];
  return new Set([...ALWAYS_HIDDEN, ...names.map((name) => name.toLowerCase())]);
}

export function readHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  hidden: ReadonlySet<string>,
): WebhookTrigger['headers'] {
  const shown: Record<string, string | readonly string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !hidden.has(name) && !isUnsafeKey(name)) shown[name] = value;
  }
  return shown;
}

/** Of `a=1&b=2`; a name that comes twice has a list. Throws `unsafe_key`. */
export function readFields(text: string): Fields {
  const fields: Fields = {};
  if (text === '') return fields;
  for (const [name, value] of new URLSearchParams(text)) {
    if (isUnsafeKey(name)) throw new MyelinError('unsafe_key', `The name "${name}" is refused; rename it.`);
    const before = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (before === undefined) fields[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else fields[name] = [before, value];
  }
  return fields;
}

/** By content type: JSON, form, text; anything else as base64. Throws `invalid_json`, `unsafe_key` or `too_deep`. */
export function readBody(raw: Buffer, contentType: string | undefined): unknown {
  if (raw.length === 0) return null;
  const type = essence(contentType);
  if (type === 'application/json' || type.endsWith('+json')) return parseJson(raw.toString('utf8'));
  if (type === 'application/x-www-form-urlencoded') return readFields(raw.toString('utf8'));
  if (type.startsWith('text/')) return raw.toString('utf8');
  return { base64: raw.toString('base64'), contentType: type === '' ? null : type, size: raw.length };
}

function essence(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}
