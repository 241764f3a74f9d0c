import type { Json } from '../core/json.ts';

/** A language model. A name is `provider:model`, such as `scripted:triage`. */
export interface Models {
  /** Throws `model_not_found`, `model_failed`, `rate_limited` or `timeout`. */
  generate(request: ModelRequest): Promise<ModelAnswer>;
}

export interface ModelRequest {
  readonly model: string;
  readonly system?: string;
  readonly prompt: string;
  /** JSON Schema the answer must fit; the answer is then in `object`. */
  readonly schema?: Json;
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

export interface ModelAnswer {
  readonly text: string;
  readonly object?: Json;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}
