import { describe, expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
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
