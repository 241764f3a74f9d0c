/**
 * The models of the AI SDK, one call for each way of speaking to a provider. Everything the SDK would read from the
 * environment is given here, and it calls out by our own `fetch` only. The SDK of a provider is loaded by its first call.
 */
import type { OpenAIProvider } from '@ai-sdk/openai';
import type { WireType } from '../../core/model-settings.ts';
import type { Egress } from '../../ports/egress.ts';

/** A model as the SDK has them, whoever provides it. */
export type WireModel = ReturnType<OpenAIProvider['responses']>;
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
  model(access: WireAccess, model: string): Promise<WireModel>;
  /** Takes a schema for the answer and tools in one request. Others answer JSON only, or call tools only. */
  readonly schemaBesideTools: boolean;
  /** Media types of the files that it takes, as the SDK says; files of text go to all of them, as text. */
  readonly reads: RegExp;
  /** For the provider alone. */
  readonly options: NonNullable<WireOptions['providerOptions']>;
}

/** A schema of a user need not be one of those few that a strict mode takes. */
const NOT_STRICT = { strictJsonSchema: false };
/** The SDK wants a key where the server does not. */
const NO_KEY = 'none';

export const WIRES: Readonly<Record<WireType, Wire>> = {
  openai: {
    model: async (access, model) => (await openai(access)).responses(model),
    schemaBesideTools: true,
    reads: /^(?:image\/(?:png|jpeg|gif|webp)|application\/pdf)$/,
    options: { openai: NOT_STRICT },
  },
  'openai-chat': {
    model: async (access, model) => (await openai(access)).chat(model),
    schemaBesideTools: true,
    reads: /^(?:image\/(?:png|jpeg|gif|webp)|audio\/(?:wav|mpeg)|application\/pdf)$/,
    options: { openai: NOT_STRICT },
  },
  'openai-compatible': {
    model: async ({ name, baseUrl, apiKey, fetch }, model) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const provider = createOpenAICompatible({
        ...{ name, baseURL: baseUrl, fetch, includeUsage: true, supportsStructuredOutputs: true },
        ...(apiKey !== undefined && { apiKey }),
      });
      return provider.chatModel(model);
    },
    schemaBesideTools: false,
    reads: /^(?:image\/.+|video\/.+|audio\/(?:wav|mpeg)|application\/pdf)$/,
    options: { openaiCompatible: NOT_STRICT },
  },
  anthropic: {
    model: async ({ baseUrl, apiKey = NO_KEY, fetch }, model) => {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL: baseUrl, apiKey, fetch }).languageModel(model);
    },
    schemaBesideTools: false,
    reads: /^(?:image\/(?:png|jpeg|gif|webp)|application\/pdf)$/,
    options: {},
  },
  google: {
    model: async ({ baseUrl, apiKey = NO_KEY, fetch }, model) => {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ baseURL: baseUrl, apiKey, fetch }).languageModel(model);
    },
    schemaBesideTools: false,
    reads: /^(?:(?:image|audio|video)\/.+|application\/pdf)$/,
    options: {},
  },
};

async function openai({ baseUrl, apiKey = NO_KEY, fetch }: WireAccess): Promise<OpenAIProvider> {
  const { createOpenAI } = await import('@ai-sdk/openai');
  return createOpenAI({ baseURL: baseUrl, apiKey, fetch });
}
