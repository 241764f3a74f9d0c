import { expect, test } from 'vitest';
import { messageSize, sizeOf } from './request-size.ts';

test('everything that a model reads counts', () => {
  const text = { role: 'user', content: 'hello' } as const;
  const image = { type: 'image', blob: '', mediaType: 'image/png' } as const;
  expect(messageSize({ role: 'user', content: [{ type: 'text', text: 'hello' }, image] })).toBe(
    messageSize(text) + 4_000,
  );
  const call = { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'look', arguments: { a: 1 } }] } as const;
  const tools = [{ name: 'look', description: 'Looks', parameters: { type: 'object' } }];
  const whole = sizeOf({ system: 'be kind', messages: [text, call], tools, schema: { type: 'object' } });
  const parts = [call.toolCalls, tools, { type: 'object' }].map((part) => JSON.stringify(part).length);
  expect(whole).toBe('be kind'.length + messageSize(text) + 40 + parts.reduce((sum, one) => sum + one, 0));
});

test('a file is not counted: nobody knows before what it comes to', () => {
  const file = { type: 'file', blob: '', mediaType: 'application/pdf' } as const;
  expect(messageSize({ role: 'user', content: [file] })).toBe(messageSize({ role: 'user', content: '' }));
});
