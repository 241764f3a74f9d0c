/** Calls of models that SIGKILL cuts off, against a double of a provider that lives on and counts what it is paid for. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Providers, type Received, startProviders, type Told } from '../../src/testing/providers/server.ts';
import { Program } from '../program/server.ts';

let provider: Providers;
let program: Program;

/** Keeps an answer in the making until it is opened. */
const gate = Promise.withResolvers<void>();

/** The model `quiet-2` gives no answer to the first two calls of a key; `slow` stops in the middle. */
function quiet({ model, key }: Received): Told {
  if (model === 'slow') return { text: 'It was kept for you.', pause: { after: 3, until: gate.promise } };
  const times = Number(/quiet-(\d+)/.exec(model)?.[1] ?? 0);
  return callsOf(key).length > times ? { text: 'At last.' } : { fault: 'silent' };
}
const callsOf = (key: string | undefined) => provider.received.filter((one) => one.key === key);

beforeAll(async () => {
  provider = await startProviders(quiet);
  program = await Program.create();
  mkdirSync(program.home, { recursive: true });
  const at = { baseUrl: `${provider.url}/v1` };
  const providers = { lossy: { type: 'openai-compatible', ...at }, keeping: { type: 'openai', ...at } };
  writeFileSync(join(program.home, 'config.yaml'), JSON.stringify({ providers }));
  await program.start();
});
afterAll(async () => {
  await program.dispose();
  await provider.stop();
});

async function run(name: string, model: string, more: object = {}): Promise<string> {
  const agent = { id: 'a', type: 'agent', ...more, config: { model, prompt: 'go' } };
  const saved = await program.call('POST', '/api/workflows?activate=true', { name, nodes: [agent] });
  expect([saved.status, saved.body.errors]).toEqual([201, undefined]);
  const { body } = await program.call('POST', `/api/workflows/${name}/execute`, { input: {} });
  return body.executionId;
}

/** Once the provider has been asked so often for each of them. */
async function asked(ids: readonly string[], times: number): Promise<void> {
  while (!ids.every((id) => callsOf(`${id}/a[0]/model`).length >= times))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

// biome-ignore lint/suspicious/noExplicitAny: an execution as the server shows it
async function ended(id: string): Promise<any> {
  for (;;) {
    const { body } = await program.call('GET', `/api/executions/${id}`);
    if (['completed', 'failed', 'canceled'].includes(body.status)) return body;
  }
}

async function outcomes(id: string): Promise<string[]> {
  const { body } = await program.call('GET', `/api/executions/${id}/calls`);
  return body.items.map(({ status }: { status: string }) => status);
}

test('kills use up no attempt, of whatever policy; what dies with its process three times is set aside', async () => {
  const lucky = [await run('default', 'lossy:quiet-2'), await run('once', 'lossy:quiet-2', { retry: { attempts: 1 } })];
  const poison = await run('poison', 'lossy:quiet-9', { retry: { attempts: 1 } });
  for (let kill = 1; kill <= 3; kill++) {
    await asked(kill < 3 ? [...lucky, poison] : [poison], kill);
    if (kill === 3) for (const id of lucky) expect((await ended(id)).output).toEqual({ text: 'At last.' });
    await program.kill();
    await program.start();
  }
  for (const id of lucky) expect(await outcomes(id)).toEqual(['unknown', 'unknown', 'paid']);
  expect((await ended(poison)).error.code).toBe('crash_loop');
  expect(await outcomes(poison)).toEqual(['unknown', 'unknown', 'unknown']);
});

test('an answer in the making that its provider keeps is waited for after a kill, and not paid twice', async () => {
  const id = await run('kept', 'keeping:slow', { retry: { attempts: 1 } });
  const noted = async () => (await program.call('GET', `/api/executions/${id}/calls`)).body.items[0]?.responseId;
  while (!(await noted())) await new Promise((resolve) => setTimeout(resolve, 5));
  const responseId: string = await noted();
  await program.kill();
  await program.start();
  while (provider.looks(responseId) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  gate.resolve();
  expect((await ended(id)).output).toEqual({ text: 'It was kept for you.' });
  expect(await outcomes(id)).toEqual(['paid']);
  expect(callsOf(`${id}/a[0]/model`)).toHaveLength(1);
});
