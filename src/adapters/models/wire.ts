/**
 * The models of the AI SDK, one call for each way of speaking to a provider. Everything the SDK would read from the
 * environment is given here, and it calls out by our own `fetch` only.
 */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { WireType } from '../../core/model-settings.ts';
import type { Egress } from '../../ports/egress.ts';

/** A model as the SDK has them, whoever provides it. */
export type WireModel = ReturnType<ReturnType<typeof createOpenAI>['responses']>;
export type WireOptions = Parameters<WireModel['doStream']>[0];
export type WirePrompt = WireOptions['prompt'];
export type WirePart =
  Awaited<ReturnType<WireModel['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never;
export type WireResult = Awaited<ReturnType<WireModel['doGenerate']>>;

interface WireAccess {
  readonly name: string;
  readonly baseUrl: string;
  /** Undefined: the server takes none. */
  readonly apiKey: string | undefined;
  readonly fetch: Egress['fetch'];
}

interface Wire {
  model(access: WireAccess, model: string): WireModel;
  /** Takes a schema for the answer and tools in one request. Others answer JSON only, or call tools only. */
  readonly schemaBesideTools: boolean;
  /** For the provider alone. */
  readonly options: NonNullable<WireOptions['providerOptions']>;
}

/** A schema of a user need not be one of those few that a strict mode takes. */
const NOT_STRICT = { strictJsonSchema: false };
/** The SDK wants a key where the server does not. */
const NO_KEY = 'none';

export const WIRES: Readonly<Record<WireType, Wire>> = {
  openai: {
    model: ({ baseUrl, apiKey = NO_KEY, fetch }, model) =>
      createOpenAI({ baseURL: baseUrl, apiKey, fetch }).responses(model),
    schemaBesideTools: true,
    options: { openai: NOT_STRICT },
  },
  'openai-chat': {
    model: ({ baseUrl, apiKey = NO_KEY, fetch }, model) =>
      createOpenAI({ baseURL: baseUrl, apiKey, fetch }).chat(model),
    schemaBesideTools: true,
    options: { openai: NOT_STRICT },
  },
  'openai-compatible': {
    model: ({ name, baseUrl, apiKey, fetch }, model) =>
      createOpenAICompatible({
        ...{ name, baseURL: baseUrl, fetch, includeUsage: true, supportsStructuredOutputs: true },
        ...(apiKey !== undefined && { apiKey }),
      }).chatModel(model),
    schemaBesideTools: false,
    options: { openaiCompatible: NOT_STRICT },
  },
  anthropic: {
    model: ({ baseUrl, apiKey = NO_KEY, fetch }, model) =>
      createAnthropic({ baseURL: baseUrl, apiKey, fetch }).languageModel(model),
    schemaBesideTools: false,
    options: {},
  },
  google: {
    model: ({ baseUrl, apiKey = NO_KEY, fetch }, model) =>
      createGoogle({ baseURL: baseUrl, apiKey, fetch }).languageModel(model),
    schemaBesideTools: false,
    options: {},
  },
};
