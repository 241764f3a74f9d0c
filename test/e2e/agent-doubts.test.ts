/** A tool that cannot be undone, and whose answer never comes: by a crash, and by a broken line. A person decides. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Providers, startProviders } from '../../src/testing/providers/server.ts';
import { Program } from '../program/server.ts';

// biome-ignore lint/suspicious/noExplicitAny: an execution as the server shows it
type View = any;

let program: Program;
let shop: Server;
let provider: Providers;
/** What the shop does with the next request, after it has it whole. */
let answer: (response: ServerResponse, request: IncomingMessage) => void;
let refunds: { readonly key: string; readonly body: unknown }[] = [];

const RULES = {
  rules: [
    { turn: 0, tools: [{ name: 'refund', arguments: { order: 'A1', amount: 500 } }] },
    { turn: 1, match: '(?s)(.*)', reply: 'So it is: $1' },
  ],
};

beforeAll(async () => {
  shop = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    refunds.push({ key: String(request.headers['idempotency-key']), body });
    answer(response, request);
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  provider = await startProviders();
  program = await Program.create();
  mkdirSync(join(program.home, 'models'), { recursive: true });
  writeFileSync(join(program.home, 'models', 'refunds.yaml'), JSON.stringify(RULES));
  const providers = {
    double: { type: 'google', baseUrl: `${provider.url}/v1beta` },
    responses: { type: 'openai', baseUrl: `${provider.url}/v1` },
  };
  writeFileSync(join(program.home, 'config.yaml'), JSON.stringify({ providers }));
  await program.start();
  await save('refunds', { model: 'scripted:refunds', prompt: 'go', tools: [refundTool('allow')] });
});
afterAll(async () => {
  await program.dispose();
  await provider.stop();
  shop.closeAllConnections();
  shop.close();
});
beforeEach(() => {
  refunds = [];
});

const refundTool = (policy: string) => ({
  ...{ name: 'refund', description: 'Sends money back', policy, type: 'http' },
  parameters: { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } },
  config: {
    ...{ method: 'POST', url: `http://127.0.0.1:${(shop.address() as AddressInfo).port}/refunds` },
    body: { amount: '{{ $json.amount }}' },
  },
});

async function save(name: string, config: object): Promise<void> {
  const document = { name, nodes: [{ id: 'a', type: 'agent', config }] };
  const { status, body } = await program.call('POST', '/api/workflows?activate=true', document);
  expect([status, body.errors]).toEqual([201, undefined]);
}

async function run(workflow: string, input: unknown = {}): Promise<string> {
  const { body } = await program.call('POST', `/api/workflows/${workflow}/execute`, { input });
  return body.executionId;
}

async function until(id: string, is: (view: View) => boolean): Promise<View> {
  for (;;) {
    const { body } = await program.call('GET', `/api/executions/${id}`);
    if (is(body)) return body;
    if (['completed', 'failed'].includes(body.status)) throw new Error(JSON.stringify(body.error ?? body.output));
  }
}
const failed = ({ status }: View) => status === 'failed';
const completed = ({ status }: View) => status === 'completed';
const nodeOf = (view: View, path: string) => view.nodes.find((node: View) => node.path === path);

/** The letter that asks a person, and which no rule may try again. */
async function letterOf(id: string): Promise<View> {
  for (;;) {
    const { body } = await program.call('GET', '/api/dead-letters?limit=100');
    const found = body.items.find(({ executionId }: View) => executionId === id);
    if (found !== undefined) return found;
  }
}

test('kill -9 while it is under way: in doubt, and done once when a person says that it happened', async () => {
  const arrived = Promise.withResolvers<void>();
  answer = () => arrived.resolve();
  const id = await run('refunds');
  await arrived.promise;
  await program.kill();
  await program.start();
  const view = await until(id, failed);
  const path = nodeOf(view, 'a[1]/refund').path;
  expect(nodeOf(view, path)).toMatchObject({ status: 'failed', error: { code: 'in_doubt' } });
  expect(await letterOf(id)).toMatchObject({ status: 'NEW', error: { code: 'in_doubt' } });
  const known = { path, happened: true, output: { refunded: true }, reason: 'the bank says so' };
  expect((await program.call('POST', `/api/executions/${id}/resolve`, known)).status).toBe(202);
  expect((await until(id, completed)).output.text).toContain('refunded');
  expect(refunds).toHaveLength(1);
});

test('a line that breaks is no failure to the model: the same call is made again, when a person says so', async () => {
  answer = (_, request) => void request.socket.destroy();
  const id = await run('refunds');
  const view = await until(id, failed);
  expect(nodeOf(view, 'a[1]/refund').error).toMatchObject({
    ...{ code: 'in_doubt', data: { last: { code: 'connection_failed', data: { sent: true } } } },
  });
  expect(await letterOf(id)).toMatchObject({ status: 'NEW' });
  answer = (response) => void response.setHeader('content-type', 'application/json').end('{"refunded":true}');
  const known = { path: 'a[1]/refund', happened: false };
  expect((await program.call('POST', `/api/executions/${id}/resolve`, known)).status).toBe(202);
  expect((await until(id, completed)).output.text).toContain('refunded');
  expect(refunds.map(({ key }) => key)).toEqual([refunds[0]?.key, refunds[0]?.key]);
});

test('a refusal is told to the model', async () => {
  answer = (response) => void response.writeHead(422).end('no such order');
  expect((await until(await run('refunds'), completed)).output.text).toContain('422');
});

test('what a person changed is what is sent, told and kept', async () => {
  await save('asking', { model: 'scripted:refunds', prompt: 'go', session: 'edited', tools: [refundTool('ask')] });
  answer = (response) => void response.setHeader('content-type', 'application/json').end('{"refunded":true}');
  const id = await run('asking');
  const { waitingFor } = await until(id, (view) => view.waitingFor.length > 0);
  const decision = { decision: 'approved', by: 'eva', data: { order: 'A1', amount: 50 } };
  await program.call('POST', `/api/approvals/${waitingFor[0].waitId}/decide`, decision);
  expect((await until(id, completed)).output.text).toContain('A person changed these arguments: amount.');
  expect(refunds.map(({ body }) => body)).toEqual([{ amount: 50 }]);
  const { body } = await program.call('GET', '/api/sessions/edited/events?limit=100');
  const invoked = body.items.filter(({ type }: View) => type === 'tool.invoked');
  expect(invoked.map(({ data }: View) => data)).toMatchObject([
    { arguments: { order: 'A1', amount: 50 }, requested: { order: 'A1', amount: 500 }, approvedBy: 'eva' },
  ]);
});

describe('a workflow that leads to what cannot be undone', () => {
  const call = (workflow: string) => ({ name: 'refund', description: 'Sends money back', workflow });
  const rules = { model: 'scripted:refunds', prompt: 'go' };

  test('is asked for as that is, however far it lies; and refused where that is', async () => {
    const { config } = refundTool('allow');
    const steps = [
      { name: 'payer', nodes: [{ id: 'pay', type: 'http', config }] },
      { name: 'desk', nodes: [{ id: 'to', type: 'workflow', config: { workflow: 'payer' } }] },
    ];
    for (const step of steps) await program.call('POST', '/api/workflows?activate=true', step);
    answer = (response) => void response.setHeader('content-type', 'application/json').end('{"refunded":true}');
    await save('far', { ...rules, tools: [call('desk')] });
    const id = await run('far');
    const { waitingFor } = await until(id, (view) => view.waitingFor.some(({ reason }: View) => reason === 'approval'));
    expect([waitingFor[0].path, refunds]).toEqual(['a[2]/approve', []]);
    await program.call('POST', `/api/approvals/${waitingFor[0].waitId}/decide`, { decision: 'approved', by: 'eva' });
    await until(id, completed);
    expect(refunds).toHaveLength(1);
    await save('never', { ...rules, safety: { irreversible: 'deny' }, tools: [{ ...call('desk'), policy: 'allow' }] });
    expect((await until(await run('never'), completed)).output.text).toContain('This call is not allowed');
    await save('stated', { ...rules, tools: [{ ...call('desk'), effect: 'idempotent' }] });
    await until(await run('stated'), completed);
    expect(refunds).toHaveLength(2);
  });

  test('is in doubt where the answer is lost there', async () => {
    answer = (_, request) => void request.socket.destroy();
    const id = await run('stated');
    expect(nodeOf(await until(id, failed), 'a[1]/refund').error.code).toBe('in_doubt');
  });
});

test.each([
  [
    'double:gemini',
    'audio',
    'audio/wav',
    (sent: string, data: string) => sent.includes(`"mimeType":"audio/wav"`) && sent.includes(data),
  ],
  [
    'double:gemini',
    'file',
    'application/pdf',
    (sent: string, data: string) => sent.includes(`"mimeType":"application/pdf"`) && sent.includes(data),
  ],
  [
    'responses:gpt',
    'file',
    'application/pdf',
    (sent: string, data: string) => sent.includes(`data:application/pdf;base64,${data}`),
  ],
] as const)('%s: the agent hands on an attachment of type %s', async (model, type, mediaType, isSent) => {
  const content = `${type} of ${model}`;
  const { body: blob } = await program.call('POST', '/api/blobs', content, { 'content-type': mediaType });
  const name = `attached-${type}-${model.replace(/\W/g, '-')}`;
  await save(name, { model, prompt: 'What is this?', session: name, attachments: '{{ $trigger.parts }}' });
  const parts = [{ type, blob: blob.hash, mediaType, name: 'it' }];
  const view = await until(await run(name, { parts }), (one) => completed(one) || failed(one));
  expect(view.output).toEqual({ text: 'All is well.' });
  const sent = JSON.stringify(provider.received.at(-1)?.body);
  expect(sent).toContain('What is this?');
  expect(isSent(sent, Buffer.from(content).toString('base64'))).toBe(true);
  const { body } = await program.call('GET', `/api/sessions/${name}/events?limit=100`);
  const heard = body.items.find((event: View) => event.type === 'user.message.received');
  expect(heard.data.content).toEqual([{ type: 'text', text: 'What is this?' }, ...parts]);
});

test('an attachment that is not there, and one that is none, fail with the place', async () => {
  await save('nowhere', { model: 'double:gemini', prompt: 'x', attachments: '{{ $trigger.parts }}' });
  const missing = await until(
    await run('nowhere', { parts: { type: 'audio', blob: 'b'.repeat(64), mediaType: 'audio/wav' } }),
    failed,
  );
  expect(missing.error).toMatchObject({ code: 'blob_not_found' });
  const wrong = await until(await run('nowhere', { parts: [{ type: 'audio', blob: 'x' }] }), failed);
  expect(wrong.error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('attachments.0') });
});
