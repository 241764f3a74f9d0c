/** All models of the house behind one port: the provider is the part of the name before the colon. */
import { MyelinError } from '../../core/errors.ts';
import type { Models } from '../../ports/model.ts';
import type { ModelProvider } from './provider.ts';

/** Models named `provider:model`, such as `scripted:triage`; everything after the first colon is the provider's. */
export function createModels(providers: Readonly<Record<string, ModelProvider>>): Models {
  const byName = new Map(Object.entries(providers));
  return {
    async generate(request) {
      const [, prefix = '', model = ''] = /^([^:]*):(.+)$/s.exec(request.model) ?? [];
      const provider = byName.get(prefix);
      if (provider === undefined) throw notFound(request.model, [...byName.keys()]);
      try {
        return await provider.generate({ ...request, model });
      } catch (thrown) {
        if (thrown instanceof MyelinError || request.signal.aborted) throw thrown;
        // The message of a foreign error may quote headers with a key; it stays in `cause`, for the log.
        throw new MyelinError('model_failed', `The model ${request.model} could not answer.`, undefined, thrown);
      }
    },
  };
}

function notFound(model: string, providers: readonly string[]): MyelinError {
  const known = providers.length === 0 ? 'no provider is set up' : `providers here: ${providers.join(', ')}`;
  return new MyelinError(
    'model_not_found',
    `There is no model ${JSON.stringify(model)}; a name is provider:model, such as scripted:triage (${known}).`,
  );
}
