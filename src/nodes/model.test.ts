import { describe, expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import type { TaskContext } from '../core/node-type.ts';
import type { ModelCard } from '../ports/model.ts';
import { testModels } from '../testing/models.ts';
import { type ModelConfig, modelNode } from './model.ts';

const USD = { version: '1', currency: 'USD', input: 1, output: 1 };
const OUTPUT = 100;

const { ledger } = memoryStore(systemRuntime('silent'));
const tokens = { open: () => ({ write: () => undefined, close: () => undefined }) };

/** Tokens that are reserved for a call: at this price, each is a thousandth of a cent. */
function tokensOf(config: Omit<ModelConfig, 'model'>, more: Partial<ModelCard> = {}): number {
  const models = { ...testModels(async () => ({})) };
  const { card } = models;
  models.card = (name) => ({ ...card(name), price: USD, maxOutputTokens: OUTPUT, ...more });
  const node = modelNode({ models, ledger, tokens, now: () => 0 });
  return node.charge!({ model: 'm:x', ...config }).estimate / 1_000 - OUTPUT;
}

describe('what is reserved for a call', () => {
  test.each([
    ['one digit a token', '[7,7,7,7,7,7,7,7]'.repeat(50)],
    ['letters that no vocabulary has', '𐎀𒐫🜂'.repeat(50)],
  ])('is a token for each byte at least: %s', (_, text) => {
    expect(tokensOf({ messages: text })).toBeGreaterThanOrEqual(Buffer.byteLength(text));
    const result = { role: 'tool', name: 'look', callId: 'call_1', content: text } as const;
    expect(tokensOf({ messages: [result] })).toBeGreaterThan(Buffer.byteLength(text) + 'lookcall_1'.length);
  });

  test('holds what providers say of tools and schemas besides', () => {
    const tools = [{ name: 'look', description: 'Looks', parameters: { type: 'object' } }];
    expect(tokensOf({ messages: 'hi', tools })).toBeGreaterThan(1_000);
    expect(tokensOf({ messages: 'hi', schema: {} })).toBeGreaterThan(1_000);
    expect(tokensOf({ messages: 'hi', tools: [] })).toBeLessThan(100);
  });

  test('is never more than the window: what is longer is refused', () => {
    expect(tokensOf({ messages: 'x'.repeat(5_000) }, { window: 2_000 })).toBe(2_000);
  });
});

describe('an answer that a crash cut off, of a name that stands for several models', () => {
  const notes = new Map<string, string>();
  const noting = {
    note: async (id: string, path: string, responseId: string) => void notes.set(`${id}/${path}`, responseId),
    noted: async (id: string, path: string) => notes.get(`${id}/${path}`),
  };
  const task = (executionId: string): TaskContext => ({
    ...{ executionId, projectId: 'p', path: 'm', attempt: 1, isMasked: false, idempotencyKey: executionId },
    ...{ signal: new AbortController().signal, env: {}, input: null, redact: (text: string) => text },
    connection: () => Promise.reject(new MyelinError('connection_missing')),
  });
  const config = { model: 'both', messages: 'hi' };
  const asked: string[] = [];
  const models = testModels(async ({ model, onResponse }) => {
    await onResponse?.(`of-${model}`);
    throw new MyelinError('model_failed');
  });
  const { card } = models;
  models.card = (name) => ({
    ...{ ...card(name), price: USD, maxOutputTokens: OUTPUT, retrievable: name !== 'm:none' },
    tries: name === 'both' ? ['m:none', 'm:big', 'm:mini'] : name === 'one' ? ['m:mini'] : [],
  });
  models.retrieve = async (model, id) => {
    asked.push(`${model} ${id}`);
    const usage = { inputTokens: 1, outputTokens: 1 };
    return id === 'gone' ? null : { text: model, toolCalls: [], finish: 'stop', usage };
  };
  const node = modelNode({ models, ledger: noting, tokens, now: () => 0 });
  const each = (OUTPUT + tokensOf({ messages: 'hi' })) * 1_000;

  test('is that of the model which gave it, and what those before it did cost is in its own', async () => {
    await expect(node.run(config, task('e1'))).rejects.toThrow();
    asked.length = 0;
    const { output } = (await node.reconcile!(config, task('e1')))!;
    expect(asked).toEqual(['m:mini of-m:mini']);
    expect(output).toMatchObject({ model: 'm:mini', text: 'm:mini', cost: 2 * each + 2_000 });
  });

  test('is asked for in order where nobody noted whose it is', async () => {
    notes.set('e2/m', 'resp_1');
    asked.length = 0;
    expect((await node.reconcile!(config, task('e2')))?.output).toMatchObject({ model: 'm:big', cost: 2_000 });
    expect(asked).toEqual(['m:big resp_1']);
    notes.set('e2/m', 'gone');
    await expect(node.reconcile!(config, task('e2'))).rejects.toMatchObject({ code: 'answer_lost' });
  });

  test('of one model its id alone is noted', async () => {
    await expect(node.run({ ...config, model: 'one' }, task('e3'))).rejects.toThrow();
    expect(notes.get('e3/m')).toBe('of-m:mini');
  });
});
