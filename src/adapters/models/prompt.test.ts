import { expect, test } from 'vitest';
import type { Message } from '../../core/conversation.ts';
import { newId } from '../../testing/factories.ts';
import { toWireOptions } from './prompt.ts';

const { signal } = new AbortController();
const request = { projectId: newId(), model: 'm', idempotencyKey: 'k', maxOutputTokens: undefined, signal };
const reading = { reads: /./, readBlob: () => Promise.reject(new Error('there is none')) };

async function rolesOf(messages: readonly Message[]): Promise<string[]> {
  const { prompt } = await toWireOptions({ ...request, messages }, false, reading);
  return prompt.map(({ role }) => role);
}

test('a conversation begins with the user, whatever its window begins with', async () => {
  const answer: Message = { role: 'assistant', content: 'Good morning.' };
  const question: Message = { role: 'user', content: 'Is it?' };
  expect(await rolesOf([answer, question])).toEqual(['user', 'assistant', 'user']);
  expect(await rolesOf([question, answer])).toEqual(['user', 'assistant']);
});

test('answers of tools that were called together go back together', async () => {
  const result = (callId: string): Message => ({ role: 'tool', callId, name: 'look', content: '1', isError: false });
  const toolCalls = ['a', 'b'].map((id) => ({ id, name: 'look', arguments: {} }));
  const called: Message = { role: 'assistant', content: '', toolCalls };
  const question: Message = { role: 'user', content: 'How many?' };
  expect(await rolesOf([question, called, result('a'), result('b')])).toEqual(['user', 'assistant', 'tool']);
});
