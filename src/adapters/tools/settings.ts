/** What the operator says of each source; `config` reads it from the block `tools:` of the file. */
import type { Effect } from '../../core/effect.ts';

interface SourceSettings {
  readonly name: string;
  readonly description: string;
  /** Patterns with `*` of the tools that are offered; absent: all. */
  readonly include?: readonly string[];
  /** What the operator knows a tool to do, by name or pattern; the first that fits counts. */
  readonly effects: Readonly<Record<string, Effect>>;
  /** Milliseconds for one call. */
  readonly timeoutMs: number;
}

export type OpenapiAuth =
  | { readonly type: 'bearer' | 'basic'; readonly secret: string }
  | { readonly type: 'header' | 'query'; readonly name: string; readonly secret: string };

export interface OpenapiSettings extends SourceSettings {
  readonly kind: 'openapi';
  /** An address, or the whole path of a file. */
  readonly document: string;
  readonly baseUrl?: string;
  readonly auth?: OpenapiAuth;
}

/** Text, or the name of the secret that holds it. */
export type Value = string | { readonly secret: string };

export interface RemoteServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, Value>>;
}

export interface LocalServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, Value>>;
  readonly cwd: string;
}

export interface McpSettings extends SourceSettings {
  readonly kind: 'mcp';
  readonly server: RemoteServer | LocalServer;
}
