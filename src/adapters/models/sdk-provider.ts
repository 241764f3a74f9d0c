/** A provider that is spoken to by the AI SDK, over the egress of the house. Nothing is retried here: the engine does. */
import { MyelinError } from '../../core/errors.ts';
import { keyProblem, type ModelSettings, type ProviderSettings, type WireType } from '../../core/model-settings.ts';
import type { Egress } from '../../ports/egress.ts';
import type { Runtime } from '../../ports/runtime.ts';
import { readAnswer, toAnswer } from './answer.ts';
import { asModelError, type FailurePlace } from './failure.ts';
import { statusOf, WHOLE, whenEnded } from './kept-answer.ts';
import { toWireOptions } from './prompt.ts';
import type { ModelProvider, ReadBlob } from './provider.ts';
import { WIRES, type WireModel } from './wire.ts';

export interface SdkOptions {
  readonly provider: ProviderSettings;
  readonly type: WireType;
  readonly settings: ModelSettings;
  readonly egress: Pick<Egress, 'fetch'>;
  readonly runtime: Pick<Runtime, 'now' | 'sleep'>;
  readonly readBlob: ReadBlob;
}

export function sdkProvider({ provider, type, settings, egress, runtime, readBlob }: SdkOptions): ModelProvider {
  const { name, baseUrl, key } = provider;
  const wire = WIRES[type];
  const apiKey = key === null ? undefined : settings.keys[key];
  const secrets = Object.values(settings.keys);

  async function modelOf(asked: string, model: string, over: Egress['fetch']): Promise<WireModel> {
    const problem = keyProblem(settings, provider);
    if (problem !== null) throw new MyelinError('model_key_missing', `${asked} has no key: ${problem}.`);
    return await wire.model({ name, baseUrl, apiKey, fetch: over }, model);
  }
  const place = (model: string): FailurePlace => ({ model, key, secrets, now: runtime.now() });

  const generate: ModelProvider['generate'] = async (model, request) => {
    const { schema, signal } = request;
    const wired = await modelOf(request.model, model, egress.fetch);
    const options = await toWireOptions(request, !wire.schemaBesideTools, { reads: wire.reads, readBlob });
    try {
      const { stream } = await wired.doStream({ ...options, abortSignal: signal, providerOptions: wire.options });
      return await readAnswer(stream, schema !== undefined, request);
    } catch (thrown) {
      signal.throwIfAborted();
      throw asModelError(thrown, place(request.model));
    }
  };
  if (type !== 'openai') return { generate };

  return {
    generate,
    /** The SDK reads an answer as it would read one to a question: only the way there is another. */
    async retrieve(model, responseId, signal) {
      let whole = true;
      const wired = await modelOf(`${name}:${model}`, model, async (url, init) => {
        const headers = new Headers(init?.headers);
        for (const about of ['content-type', 'idempotency-key']) headers.delete(about);
        const address = `${String(url)}/${encodeURIComponent(responseId)}`;
        const look = () => egress.fetch(address, { method: 'GET', headers, signal });
        const kept = await whenEnded(look, (ms) => runtime.sleep(ms, signal), signal);
        whole = kept.ok ? WHOLE.has(await statusOf(kept)) : kept.status !== 404;
        return kept;
      });
      try {
        const result = await wired.doGenerate({ prompt: [], abortSignal: signal });
        return whole ? toAnswer(result, responseId) : null;
      } catch (thrown) {
        signal.throwIfAborted();
        if (!whole) return null;
        throw asModelError(thrown, place(`${name}:${model}`));
      }
    },
  };
}
