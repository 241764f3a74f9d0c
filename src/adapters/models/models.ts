/** All models of the house behind one port: what a name means is in the settings, who answers is a provider. */
import { MyelinError } from '../../core/errors.ts';
import {
  findModel,
  type ModelRow,
  type ModelSettings,
  modelProblem,
  type ProviderSettings,
} from '../../core/model-settings.ts';
import { MOST_CHARS_PER_TOKEN, sizeOf } from '../../core/request-size.ts';
import type { Egress } from '../../ports/egress.ts';
import type { ModelCard, ModelEntry, ModelRequest, Models } from '../../ports/model.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { ModelProvider, ReadBlob } from './provider.ts';
import { sdkProvider } from './sdk-provider.ts';
import { limited } from './time-limit.ts';

export interface ModelsOptions {
  readonly egress: Pick<Egress, 'fetch'>;
  readonly settings: ModelSettings;
  /** Answers for the provider `scripted`. */
  readonly scripted: ModelProvider;
  readonly runtime: Pick<Runtime, 'now' | 'sleep'>;
  readonly readBlob: ReadBlob;
}

export function createModels({ egress, settings, scripted, runtime, readBlob }: ModelsOptions): Models {
  const made = new Map<string, ModelProvider>([['scripted', scripted]]);

  function providerOf(provider: ProviderSettings): ModelProvider {
    const { name, type } = provider;
    const known = made.get(name);
    if (known !== undefined || type === 'scripted') return known ?? scripted;
    const one = sdkProvider({ provider, type, settings, egress, runtime, readBlob });
    made.set(name, one);
    return one;
  }

  function find(name: string) {
    const found = findModel(settings, name);
    if (found === undefined) throw notFound(name, settings);
    return found;
  }

  return {
    async generate(request) {
      const { provider, model, row } = find(request.model);
      refuseTooLong(request, row);
      const maxOutputTokens = request.maxOutputTokens ?? row.maxOutputTokens;
      const call = (signal: AbortSignal) =>
        providerOf(provider).generate(model, { ...request, maxOutputTokens, signal });
      return ours(request.model, request.signal, () => limited(call, request, row.timeoutMs, runtime));
    },
    async retrieve(name, responseId, signal) {
      const { provider, model, row } = find(name);
      const call = async (own: AbortSignal) => (await providerOf(provider).retrieve?.(model, responseId, own)) ?? null;
      return ours(name, signal, () => limited(call, { model: name, signal }, row.timeoutMs, runtime));
    },
    card: (name) => cardOf(name, find(name).row),
    list: () => [
      ...Object.entries(settings.models).map(([name, row]) => entry(settings, cardOf(name, row))),
      ...Object.keys(settings.providers).map((name) => entry(settings, cardOf(`${name}:*`, find(`${name}:*`).row))),
    ],
  };
}

/** Some servers cut what is too long and answer all the same. */
function refuseTooLong(request: ModelRequest, { window }: ModelRow): void {
  if (window === null) return;
  const least = Math.ceil(sizeOf(request) / MOST_CHARS_PER_TOKEN);
  if (least <= window) return;
  throw new MyelinError(
    'context_too_long',
    `The conversation has at least ${least} tokens, and ${request.model} reads ${window} (its \`window\`).`,
  );
}

/** The message of a foreign error may quote headers with a key; it stays in `cause`, for the log. */
async function ours<T>(model: string, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof MyelinError || signal.aborted) throw thrown;
    throw new MyelinError('model_failed', `The model ${model} could not answer.`, undefined, thrown);
  }
}

function cardOf(name: string, { model: _, ...row }: ModelRow): ModelCard {
  return { name, ...row };
}

function entry(settings: ModelSettings, card: ModelCard): ModelEntry {
  const { provider } = findModel(settings, card.name)!;
  const { problem, instead } = modelProblem(settings, card.name);
  return {
    ...card,
    provider: provider.name,
    problem: instead === null ? problem : `${problem}; ${instead} is asked instead`,
  };
}

function notFound(model: string, { providers, models }: ModelSettings): MyelinError {
  const named = Object.keys(models).filter((name) => !name.includes(':'));
  const known = [`providers here: ${Object.keys(providers).join(', ')}`];
  if (named.length > 0) known.push(`names here: ${named.join(', ')}`);
  return new MyelinError(
    'model_not_found',
    `There is no model ${JSON.stringify(model)}; a name is provider:model, such as scripted:triage (${known.join('; ')}).`,
  );
}
