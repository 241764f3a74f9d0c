/** The double itself: without streams, and what it counts. The product's own client is its other judge. */
import { expect, test } from 'vitest';
import { loopOf } from './loop.ts';
import { type Providers, startProviders } from './server.ts';

const post = (url: string, body: object, key?: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
    body: JSON.stringify(body),
  });

type Handler = Parameters<typeof startProviders>[0];

async function withDouble(run: (double: Providers) => Promise<void>, handler?: Handler): Promise<void> {
  const double = await startProviders(handler);
  try {
    await run(double);
  } finally {
    await double.stop();
  }
}

const TOLD = { reasoning: 'Hm.', text: 'Fine.', tools: [{ name: 'look', arguments: { at: 1 } }], cachedTokens: 2 };

test.each([
  ['/v1/responses', 'output.1.content.0.text', 'usage.input_tokens_details.cached_tokens'],
  ['/v1/chat/completions', 'choices.0.message.content', 'usage.prompt_tokens_details.cached_tokens'],
  ['/v1/messages', 'content.1.text', 'usage.cache_read_input_tokens'],
  [
    '/v1beta/models/gemini:generateContent',
    'candidates.0.content.parts.1.text',
    'usageMetadata.cachedContentTokenCount',
  ],
])('%s answers whole where no stream is asked for', (path, text, cached) =>
  withDouble(async (double) => {
    double.tell(TOLD);
    const body: unknown = await (await post(`${double.url}${path}`, { model: 'm' })).json();
    const at = (place: string) =>
      place
        .split('.')
        .reduce<unknown>((one, key) => (typeof one === 'object' && one !== null ? Reflect.get(one, key) : null), body);
    expect([at(text), at(cached)]).toEqual(['Fine.', 2]);
    expect(JSON.stringify(body)).toContain('look');
  }),
);

test('an answer is paid once it is begun, by its key', () =>
  withDouble(async (double) => {
    double.tell({ text: 'a' }, { status: 500 }, { text: 'b' }, { fault: 'malformed' }, { fault: 'reset' });
    const ask = (key?: string) => post(`${double.url}/v1/messages`, { model: 'm' }, key).catch(() => undefined);
    for (const key of ['one', 'one', 'one', 'two', undefined]) await ask(key);
    const counts = { calls: 5, paid: 4, tokens: expect.any(Number), keys: 3, repeated: { one: 2 } };
    expect(double.counts()).toEqual(counts);
    expect(await (await fetch(`${double.url}/count`)).json()).toEqual(counts);
    expect((await post(`${double.url}/v1/other`, {})).status).toBe(404);
    expect((await post(`${double.url}/v1/messages`, [])).status).toBe(400);
  }));

test('a loop calls its tool for some turns and is done', () =>
  withDouble(async (double) => {
    const parameters = { properties: { n: { type: 'integer' }, why: { type: 'string' } }, required: ['n', 'why'] };
    const tools = [{ type: 'function', function: { name: 'look', parameters } }];
    const answer = async (messages: object[]) => {
      const response = await post(`${double.url}/v1/chat/completions`, { model: 'turns-1', messages, tools });
      return ((await response.json()) as { choices: [{ message: object }] }).choices[0].message;
    };
    const called = { name: 'look', arguments: '{"n":0,"why":"turn 0"}' };
    expect(await answer([{ role: 'user', content: 'go' }])).toMatchObject({ tool_calls: [{ function: called }] });
    expect(await answer([{ role: 'assistant' }])).toMatchObject({ content: 'Done after 1 turns.' });
  }, loopOf()));
