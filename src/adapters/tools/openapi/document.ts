/** Reads an OpenAPI document from a file or an address, and finds where its operations are called. */
import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { MyelinError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json.ts';
import { assertSafe } from '../../../core/safe-json.ts';
import type { Egress } from '../../../ports/egress.ts';
import type { OpenapiSettings } from '../settings.ts';

/** The largest documents of public APIs have about 12 MB. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_ALIASES = 100;

export interface ApiDocument {
  readonly root: JsonObject;
  /** Where the paths of the operations begin, without a slash at the end. */
  readonly base: string;
}

/** Throws `config_refused` for what is no OpenAPI 3.0 or 3.1, `tool_source_failed` where an address does not give it. */
export async function readDocument(
  settings: OpenapiSettings,
  egress: Egress,
  signal: AbortSignal,
): Promise<ApiDocument> {
  const isUrl = /^https?:\/\//i.test(settings.document);
  const text = isUrl ? await download(settings, egress, signal) : await readText(settings);
  const root = parse(settings, text);
  if (!/^3\.[01]\./.test(String(root.openapi))) throw refused(settings, 'is no document of OpenAPI 3.0 or 3.1');
  return { root, base: baseOf(settings, root, isUrl) };
}

async function readText(settings: OpenapiSettings): Promise<string> {
  try {
    const { size } = await stat(settings.document);
    if (size > MAX_BYTES) throw refused(settings, `is larger than ${MAX_BYTES} bytes`);
    return await readFile(settings.document, 'utf8');
  } catch (error) {
    if (error instanceof MyelinError) throw error;
    throw refused(settings, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function download(settings: OpenapiSettings, egress: Egress, signal: AbortSignal): Promise<string> {
  const accept = 'application/json, application/yaml;q=0.9, */*;q=0.1';
  const { document: url, timeoutMs } = settings;
  try {
    const request = { method: 'GET', url, headers: { accept }, timeoutMs, maxBytes: MAX_BYTES, signal };
    const { status, body } = await egress.request(request);
    if (status >= 200 && status < 300) return new TextDecoder().decode(body);
    throw new MyelinError('tool_source_failed', `The document of openapi:${settings.name} was answered ${status}.`);
  } catch (error) {
    if (!(error instanceof MyelinError) || error.code !== 'connection_failed') throw error;
    throw new MyelinError('tool_source_failed', `openapi:${settings.name}: ${error.message}`, undefined, error);
  }
}

/** JSON is YAML, but its own parser is much faster. */
function parse(settings: OpenapiSettings, text: string): JsonObject {
  let value: unknown;
  try {
    value = text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text);
    assertSafe(value);
  } catch (error) {
    throw refused(
      settings,
      `cannot be read: ${error instanceof MyelinError ? error.message : 'it is no JSON or YAML'}`,
    );
  }
  if (!isObject(value)) throw refused(settings, 'is no object');
  return value;
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text, { version: '1.2', schema: 'core', prettyErrors: true, logLevel: 'error' });
  const [fault] = document.errors;
  if (fault === undefined) return document.toJS({ maxAliasCount: MAX_ALIASES });
  const { line, col } = fault.linePos?.[0] ?? { line: 1, col: 1 };
  throw new MyelinError('invalid_yaml', `line ${line}, column ${col} (${fault.code})`);
}

/**
 * A document that comes from an address may send the operator's secret to no other host than its own: who can change
 * it could else send for it.
 */
function baseOf(settings: OpenapiSettings, root: JsonObject, isUrl: boolean): string {
  const written = settings.baseUrl ?? firstServer(root) ?? '/';
  const against = isUrl ? settings.document : undefined;
  if (!URL.canParse(written, against)) throw refused(settings, 'names no whole address in `servers`; set `baseUrl`');
  const url = new URL(written, against);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(settings, 'names a server that is not HTTP');
  if (isUrl && settings.baseUrl === undefined && settings.auth !== undefined) {
    const own = new URL(settings.document).origin;
    if (url.origin !== own) {
      throw refused(settings, `would send a secret from ${own} to ${url.origin}; set \`baseUrl\` where that is right`);
    }
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The first of `servers`, with the defaults of its variables. */
function firstServer(root: JsonObject): string | undefined {
  const [server] = Array.isArray(root.servers) ? (root.servers as unknown[]) : [];
  if (!isObject(server) || typeof server.url !== 'string') return undefined;
  const variables = isObject(server.variables) ? server.variables : {};
  return server.url.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return isObject(variable) ? String(variable.default ?? '') : '';
  });
}

export function refused(settings: OpenapiSettings, what: string): MyelinError {
  return new MyelinError('config_refused', `tools.${settings.name}.openapi: ${settings.document} ${what}.`);
}
