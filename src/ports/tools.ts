/** Tools that live outside of a workflow: of MCP servers and OpenAPI files, as the operator has set them up. */
import type { ToolSpec } from '../core/conversation.ts';
import type { Effect } from '../core/effect.ts';
import type { Json } from '../core/json.ts';

export interface Tools {
  /**
   * The tools of a source, such as `mcp:github` or `openapi:petstore`; an MCP server is asked. Throws `tool_not_found`
   * where there is no such source, `tool_source_failed` where it does not answer, and what `call` throws for a source.
   */
  list(source: string, signal: AbortSignal): Promise<readonly ExternalTool[]>;
  /**
   * Calls one, by `source/name`. Throws `tool_not_found`, `tool_changed` (its definition is not that of `hash` any
   * more), `tool_failed`, `tool_source_failed` (it died, or was not reached: transient), `timeout`, or the reason of the
   * signal where that is a MyelinError (else `interrupted`); `config_invalid` for arguments that cannot be sent,
   * `config_refused`, `secret_missing` and `egress_denied` for what the operator has to mend.
   */
  call(call: ExternalCall): Promise<ExternalResult>;
  /** All sources, without asking them. */
  sources(): readonly ToolSource[];
  stop(): Promise<void>;
}

export interface ToolSource {
  /** `mcp:github`. */
  readonly name: string;
  readonly kind: 'mcp' | 'openapi';
  readonly description: string;
}

export interface ExternalTool extends ToolSpec {
  /** `mcp:github/create_issue`. */
  readonly id: string;
  readonly effect: Effect;
  /** SHA-256 of its definition: a tool that was approved and then changed is another. */
  readonly hash: string;
}

export interface ExternalCall {
  readonly id: string;
  readonly arguments: Json;
  readonly hash?: string;
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

export interface ExternalResult {
  readonly output: Json;
  /** The tool itself says that it failed; the output says why. */
  readonly isError: boolean;
}
