/** What of a session an agent is shown, read from a store. */
import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { SessionEvent } from '../core/session/events.ts';
import { driveCatalog } from '../testing/drive.ts';
import { NOW } from '../testing/factories.ts';
import { answered, said, sessionAppend } from '../testing/session-events.ts';
import { testTask } from '../testing/task.ts';
import { contextNode } from './context.ts';

/** By the execution `e1` of the tests. */
const asked = (content: string, node = 'wish'): SessionEvent => {
  const messageId = `e1/${node}/prompt@1`;
  return { type: 'user.message.received', at: NOW, data: { messageId, content } };
};

async function shown(events: readonly SessionEvent[], config: object = {}, prompt = 'help') {
  const { sessions, prompts, workflows } = memoryStore(systemRuntime('silent'));
  const { start } = sessionAppend();
  await sessions.append('p1', sessionAppend({ key: start.data.key, events }), 0);
  const node = contextNode({
    sessions,
    prompts,
    workflows,
    tools: { list: async () => [] },
    types: () => driveCatalog.nodes,
  });
  const task = testTask({}, { path: 'a[0]/context' });
  const { output } = await node.run({ session: start.data.key, prompt, ...config }, task);
  return (output as { session: { window: { content: unknown }[]; overflow: unknown[]; overflowTo: number } }).session;
}
const textsOf = ({ window }: Awaited<ReturnType<typeof shown>>) => window.map(({ content }) => content);

test('its own message is left out, whether it told it itself or a node before it did', async () => {
  expect(textsOf(await shown([said('before'), asked('help', 'a')]))).toEqual(['before']);
  expect(textsOf(await shown([said('before'), asked('help')]))).toEqual(['before']);
});

test('the same words of before, and other words, are shown', async () => {
  expect(textsOf(await shown([said('help'), answered('how?'), asked('help')]))).toEqual(['help', 'how?']);
  expect(textsOf(await shown([asked('help me'), asked('help')]))).toEqual(['help me']);
});

test('a window of it; the rest is what falls out', async () => {
  const { overflow, overflowTo } = await shown([said('one'), answered('two'), said('three')], { window: 1 });
  expect([overflow, overflowTo]).toMatchObject([[{ content: 'one' }, { role: 'assistant', content: 'two' }], 3]);
});

test('a summary hides what it holds, and nothing that is still to come', async () => {
  const upTo = (newValue: number | string): SessionEvent => ({
    ...{ type: 'session.context.updated', at: NOW },
    data: { updateType: 'state', key: 'summary.upTo', newValue },
  });
  expect(textsOf(await shown([said('one'), said('two'), upTo(2)]))).toEqual(['two']);
  for (const wrong of [1_000, 'x']) expect(textsOf(await shown([said('one'), upTo(wrong)]))).toEqual(['one']);
});
