/** Language models of whatever provider. A name is `provider:model`, such as `scripted:triage`, or one that the operator gave. */
import type { Message, ToolCall, ToolSpec } from '../core/conversation.ts';
import type { Json } from '../core/json.ts';
import type { Usage } from '../core/money.ts';
import type { Price } from '../core/price.ts';

export interface Models {
  /**
   * Asks once; the answer comes whole. Throws `model_not_found`, `model_key_missing`, `model_failed`, `rate_limited`
   * (with `retryAfterMs` in its data where the provider says), `context_too_long`, `timeout`, or the reason of the
   * signal. An error whose data has `usage` was paid for.
   */
  generate(request: ModelRequest): Promise<ModelAnswer>;
  /**
   * The answer that a provider keeps under this id, by `ModelRequest.onResponse`; one in the making is waited for, as
   * long as a call may take. Null where there is none, or it has failed. Only of models whose card says `retrievable`.
   */
  retrieve(model: string, responseId: string, signal: AbortSignal): Promise<ModelAnswer | null>;
  /** What is known of a model without asking it. Throws `model_not_found`. */
  card(model: string): ModelCard;
  /** Every model that the operator named, and every provider. */
  list(): readonly ModelEntry[];
}

export interface ModelRequest {
  readonly projectId: string;
  readonly model: string;
  readonly system?: string;
  /** At least one. */
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolSpec[];
  /** JSON Schema that the answer must fit, where it calls no tool; the answer is then in `object`. */
  readonly schema?: Json;
  /** Default that of the card. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  /** Called with each piece of text as it arrives. */
  readonly onText?: (piece: string) => void;
  /** Called once, as soon as the provider has named its answer; it goes on when this resolves. */
  readonly onResponse?: (responseId: string) => Promise<void>;
}

export interface ModelAnswer {
  readonly text: string;
  /** What it thought, where the provider shows that. */
  readonly reasoning?: string;
  /** With a schema: the JSON of the text; absent where it is none. It may not fit the schema. */
  readonly object?: Json;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: Finish;
  readonly usage: Usage;
  readonly responseId?: string;
}

/** `length`: it was cut at the most tokens it may write. */
export type Finish = 'stop' | 'tools' | 'length' | 'filter' | 'other';

export interface ModelCard {
  readonly name: string;
  /** Null: it costs nothing, or nobody said what. */
  readonly price: Price | null;
  /** Tokens that input and output share; null: nobody said. */
  readonly window: number | null;
  /** Tokens that one answer may have. */
  readonly maxOutputTokens: number;
  /** The provider keeps answers, so one that a crash cut off can be fetched. */
  readonly retrievable: boolean;
  /** Models asked in this order, where the one before fails; empty: this one. */
  readonly tries: readonly string[];
  /** Calls at the same time of one process; null: as many as any dependency. */
  readonly concurrency: number | null;
  /** Calls a minute of one process; null: no limit. */
  readonly perMinute: number | null;
  /** Of one call. */
  readonly timeoutMs: number | null;
}

export interface ModelEntry extends ModelCard {
  readonly provider: string;
  /** What keeps it from being used, such as a missing key, and what to do; null: nothing known. */
  readonly problem: string | null;
}
