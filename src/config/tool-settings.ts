/**
 * The block `tools:` of `config.yaml`: MCP servers and OpenAPI files whose tools agents and workflows may call. Only the
 * operator writes this file, so what it names may start a process or hold a secret (rules R4 and R14).
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { issueFaults } from '../core/definition/issue-faults.ts';
import { durationSchema, parseDuration } from '../core/duration.ts';
import type { Fault } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { SECRET_NAME } from './settings.ts';

const MOST_SOURCES = 100;
const DEFAULT_TIMEOUT_MS = 60_000;
const LONGEST_MS = 3_600_000;

const secretName = z.string().regex(SECRET_NAME, 'takes NAME, for the secret in MYELIN_SECRET_NAME');
/** Text, or the name of a secret that holds it. */
const value = z.union([z.string().max(10_000), z.strictObject({ secret: secretName })]);

const effect = z.enum(['pure', 'read', 'idempotent', 'irreversible']);
const glob = z.string().min(1).max(200);

const timeout = durationSchema
  .transform((text) => parseDuration(text))
  .refine((ms) => ms >= 1 && ms <= LONGEST_MS, 'takes a duration from 1ms to 1h');

const shared = {
  description: z.string().max(500).optional(),
  include: z.array(glob).min(1).max(1_000).optional(),
  effects: z.record(glob, effect).optional(),
  timeout: timeout.optional(),
};

const address = z
  .string()
  .max(2_000)
  .refine((text) => isAddress(text), 'takes an address such as https://api.example.com, without user and password');

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/, 'is no name of a header');

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer'), secret: secretName }),
  z.strictObject({ type: z.literal('basic'), secret: secretName }),
  z.strictObject({ type: z.literal('header'), name: headerName, secret: secretName }),
  z.strictObject({ type: z.literal('query'), name: z.string().min(1).max(200), secret: secretName }),
]);

const openapiSource = z.strictObject({
  openapi: z.string().min(1).max(2_000),
  baseUrl: address.optional(),
  auth: auth.optional(),
  ...shared,
});

const remote = z.strictObject({ url: address, headers: z.record(headerName, value).optional() });

const local = z.strictObject({
  command: z.string().min(1).max(1_000),
  args: z.array(z.string().max(10_000)).max(100).optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, 'is no name of a variable'), value).optional(),
});

const mcpSource = (server: unknown) =>
  z.strictObject({ mcp: isObject(server) && 'command' in server ? local : remote, ...shared });

type Auth = z.infer<typeof auth>;
type Value = z.infer<typeof value>;

interface SourceSettings {
  /** `petstore`: what comes after `openapi:` or `mcp:`. */
  readonly name: string;
  readonly description: string;
  /** Patterns with `*` of the tools that are offered; absent: all. */
  readonly include?: readonly string[];
  /** The operator's word on what a tool does, by name or pattern; the first that fits counts. */
  readonly effects: Readonly<Record<string, z.infer<typeof effect>>>;
  readonly timeoutMs: number;
}

interface OpenapiSettings extends SourceSettings {
  readonly kind: 'openapi';
  /** An address, or the whole path of a file. */
  readonly document: string;
  readonly baseUrl?: string;
  readonly auth?: Auth;
}

interface McpSettings extends SourceSettings {
  readonly kind: 'mcp';
  readonly server:
    | { readonly url: string; readonly headers: Readonly<Record<string, Value>> }
    | {
        readonly command: string;
        readonly args: readonly string[];
        readonly env: Readonly<Record<string, Value>>;
        /** Where it starts: the folder of the file. */
        readonly cwd: string;
      };
}

export type ToolSettings = readonly (OpenapiSettings | McpSettings)[];

/** What the block says; `folder` is that of the file, for paths in it. Every fault goes to `faults`, with its place. */
export function readToolSettings(block: unknown, folder: string, faults: Fault[]): ToolSettings {
  if (block === undefined || block === null) return [];
  const fault = (path: string, message: string): ToolSettings => {
    faults.push({ path, message });
    return [];
  };
  if (!isObject(block))
    return fault('tools', 'takes sources by name, such as `petstore: { openapi: ./petstore.yaml }`');
  const entries = Object.entries(block);
  if (entries.length > MOST_SOURCES) return fault('tools', `takes at most ${MOST_SOURCES} sources`);
  const sources = entries.flatMap(([name, source]): ToolSettings => {
    const place = `tools.${name}`;
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name)) {
      return fault(place, 'cannot be the name of a source: a small letter, then small letters, digits, _ and -');
    }
    if (!isObject(source) || 'mcp' in source === 'openapi' in source) {
      return fault(place, 'takes either `mcp` or `openapi`');
    }
    return 'mcp' in source ? readMcp(name, source, folder, faults) : readOpenapi(name, source, folder, faults);
  });
  return Object.freeze(sources);
}

function readOpenapi(name: string, source: unknown, folder: string, faults: Fault[]): OpenapiSettings[] {
  const read = parse(openapiSource, source, name, faults);
  if (read === undefined) return [];
  const isUrl = /^https?:\/\//i.test(read.openapi);
  const document = isUrl ? read.openapi : resolve(folder, read.openapi);
  const place = `tools.${name}.openapi`;
  if (isUrl && !isAddress(document)) faults.push({ path: place, message: 'is no address, or has a user or password' });
  if (!isUrl && !existsSync(document)) faults.push({ path: place, message: `there is no file ${document}` });
  const { baseUrl, auth } = read;
  return [
    {
      kind: 'openapi',
      document,
      ...common(name, read, isUrl ? placeOf(document) : basename(document)),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(auth !== undefined && { auth }),
    },
  ];
}

function readMcp(
  name: string,
  source: { readonly [key: string]: unknown },
  folder: string,
  faults: Fault[],
): McpSettings[] {
  const read = parse(mcpSource(source.mcp), source, name, faults);
  if (read === undefined) return [];
  const { mcp } = read;
  if ('url' in mcp) {
    const server = { url: mcp.url, headers: mcp.headers ?? {} };
    return [{ kind: 'mcp', server, ...common(name, read, placeOf(mcp.url)) }];
  }
  const isPath = /[\\/]/.test(mcp.command);
  const command = isPath ? resolve(folder, mcp.command) : mcp.command;
  if (isPath && !existsSync(command)) {
    faults.push({ path: `tools.${name}.mcp.command`, message: `there is no file ${command}` });
  }
  const server = { command, args: mcp.args ?? [], env: mcp.env ?? {}, cwd: folder };
  return [{ kind: 'mcp', server, ...common(name, read, basename(command)) }];
}

function common(
  name: string,
  read: { description?: string; include?: string[]; effects?: SourceSettings['effects']; timeout?: number },
  fallback: string,
): SourceSettings {
  return {
    name,
    description: read.description ?? fallback,
    effects: read.effects ?? {},
    timeoutMs: read.timeout ?? DEFAULT_TIMEOUT_MS,
    ...(read.include !== undefined && { include: read.include }),
  };
}

function parse<T>(schema: z.ZodType<T>, source: unknown, name: string, faults: Fault[]): T | undefined {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  faults.push(...result.error.issues.flatMap((issue) => issueFaults(issue, `tools.${name}`)));
  return undefined;
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** Host and path: a query may hold secrets. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'an address';
  const { host, pathname } = new URL(url);
  return pathname === '/' ? host : `${host}${pathname}`;
}

/** Names of the secrets that a source needs. */
export function secretsOf(source: ToolSettings[number]): string[] {
  if (source.kind === 'openapi') return source.auth === undefined ? [] : [source.auth.secret];
  const values = 'url' in source.server ? source.server.headers : source.server.env;
  return Object.values(values).flatMap((one) => (typeof one === 'string' ? [] : [one.secret]));
}
