/** Models for tests of what asks them: each answers as the test says. */
import type { ModelAnswer, ModelRequest, Models } from '../ports/model.ts';

/** Every name is a model that costs nothing; `answer` has the whole answer, or the part of it that matters. */
export function testModels(answer: (request: ModelRequest) => Promise<Partial<ModelAnswer>>): Models {
  return {
    generate: async (request) => ({
      ...{ text: '', toolCalls: [], finish: 'stop', usage: { inputTokens: 1, outputTokens: 1 } },
      ...(await answer(request)),
    }),
    retrieve: async () => null,
    card: (name) => ({
      ...{ name, price: null, window: null, maxOutputTokens: 4_096, retrievable: false, tries: [] },
      ...{ concurrency: null, perMinute: null, timeoutMs: null },
    }),
    list: () => [],
  };
}
