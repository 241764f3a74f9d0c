/** A webhook as a line for the shell. */
import type { TriggerDefinition } from '../../../graph/document.ts';

/** Names of secrets stay names: who calls knows them. */
const secretOf = (text: unknown): string => {
  const name = typeof text === 'string' ? /\$secrets(?:\.(\w+)|\[["'](.+?)["']\])/.exec(text) : null;
  return `$${name?.[1] ?? name?.[2] ?? 'SECRET'}`;
};

export function curlOf({ method = 'POST', verify, requireHeaders }: TriggerDefinition, url: string): string {
  const parts = [`curl -X ${String(method)} '${url}'`];
  if (method !== 'GET' && method !== 'DELETE')
    parts.push("-H 'content-type: application/json'", `-d '{ "hello": "world" }'`);
  for (const [name, value] of Object.entries((requireHeaders ?? {}) as Readonly<Record<string, unknown>>)) {
    const text = value === true ? '…' : String(value).includes('{{') ? secretOf(value) : String(value);
    parts.push(`-H "${name}: ${text}"`);
  }
  const { scheme, header = 'X-Signature', secret } = (verify ?? {}) as Readonly<Record<string, unknown>>;
  if (scheme === 'plain') parts.push(`-H "${String(header)}: ${secretOf(secret)}"`);
  return `${parts.join(' \\\n  ')}${scheme !== undefined && scheme !== 'plain' ? `\n# signed by the scheme ${String(scheme)}, with ${secretOf(secret)}` : ''}`;
}
