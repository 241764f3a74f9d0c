/** The examples of agents, run by the real program, and a loop that is killed in the middle. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { TOOL_SERVER_FILE } from '../../src/testing/tool-server.ts';
import { Program } from '../program/server.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
let program: Program;

beforeAll(async () => {
  program = await Program.create();
  const server = { command: process.execPath, args: [TOOL_SERVER_FILE] };
  writeFileSync(join(program.home, 'config.yaml'), JSON.stringify({ tools: { test: { mcp: server } } }));
  await program.start();
});
afterAll(() => program.dispose());

async function deploy(...files: string[]): Promise<void> {
  for (const file of files) await save(parse(await readFile(join(EXAMPLES, file), 'utf8')));
}

async function save(document: object): Promise<void> {
  const { status, body } = await program.call('POST', '/api/workflows?activate=true', document);
  expect([status, body.errors]).toEqual([201, undefined]);
}

async function run(workflow: string, input: unknown): Promise<string> {
  const { body } = await program.call('POST', `/api/workflows/${workflow}/execute`, { input });
  return body.executionId;
}

// biome-ignore lint/suspicious/noExplicitAny: an execution as the server shows it
type View = any;

async function until(id: string, is: (view: View) => boolean): Promise<View> {
  for (;;) {
    const { body } = await program.call('GET', `/api/executions/${id}`);
    if (is(body)) return body;
    if (['failed', 'canceled'].includes(body.status)) throw new Error(JSON.stringify(body.error));
  }
}
const ended = (id: string) => until(id, ({ status }) => status === 'completed');

/** Once the projector has come so far. */
async function session(key: string, is: (view: View) => boolean): Promise<View> {
  for (;;) {
    const { body, status } = await program.call('GET', `/api/sessions/${key}`);
    if (status === 200 && is(body)) return body;
  }
}

/** How many messages the model was shown, call by call. */
const shown = ({ items }: View, wanted: string) =>
  items.filter(({ type }: View) => type === wanted).map(({ data }: View) => data.messages);

describe('examples', () => {
  test('scatter and gather: mood, facts and wish at the same time, then an answer that remembers', async () => {
    await deploy('feedback-desk.yaml');
    const message = 'Order 4711 is broken, I want my money back';
    const { status, body } = await program.call('POST', '/webhooks/feedback', { message, customer: 'ada' });
    expect(status).toBe(200);
    expect(body.text).toContain('on its way');
    const { body: state } = await program.call('GET', '/api/sessions/ada/state');
    expect(state.context).toMatchObject({ 'refund-of': '4711' });
    expect(state.intent).toMatchObject({ intent: 'refund' });
    const { body: events } = await program.call('GET', '/api/sessions/ada/events?limit=100');
    expect(state.messages.map(({ role, content }: View) => [role, content])).toEqual([
      ['user', message],
      ['agent', body.text],
    ]);
    expect(shown(events, 'llm.requested')).toEqual([1, 1, 3]);
    expect(new Set(events.items.map(({ type }: { type: string }) => type))).toEqual(
      new Set([
        ...['agent.session.started', 'user.message.received', 'intent.classified', 'llm.requested', 'llm.responded'],
        ...['tool.invoked', 'tool.completed', 'session.context.updated', 'agent.response.generated'],
      ]),
    );
    await program.call('POST', '/webhooks/feedback', { message: 'Thank you, great!', customer: 'ada' });
    const { messageCount } = await session('ada', ({ lastUserMessage }) => lastUserMessage?.startsWith('Thank'));
    expect(messageCount).toBeGreaterThanOrEqual(3);
    const { body: later } = await program.call('GET', '/api/sessions/ada/events?limit=100');
    expect(shown(later, 'llm.requested').slice(3)).toEqual([3, 3]);
  });

  test('a supervisor with workers: children in the same tree, one budget', async () => {
    await deploy('supervisor/researcher.yaml', 'supervisor/checker.yaml', 'supervisor/supervisor.yaml');
    const view = await ended(await run('supervisor', { topic: 'bees' }));
    expect(view.output.text).toContain('Checked: ');
    const lead = view.nodes.find(({ path }: View) => path === 'lead');
    expect(lead.usage).toMatchObject({ calls: 3 });
    const { body } = await program.call('GET', `/api/executions?limit=10&workflow=researcher`);
    expect(body.items).toHaveLength(2);
    expect(body.items.map(({ parentId }: View) => parentId)).toEqual([view.id, view.id]);
  });

  test('a front desk hands over: the other agent knows the conversation and what tools have answered', async () => {
    await deploy('handoff/billing-desk.yaml', 'handoff/front-desk.yaml');
    const message = 'Order B12 is broken, I want my money back';
    const { body } = await program.call('POST', '/webhooks/front-desk', { message, customer: 'cleo' });
    expect(body).toEqual({ text: 'We have paid back 80 for order B12.' });
    const { body: children } = await program.call('GET', '/api/executions?limit=10&workflow=billing-desk');
    const { body: child } = await program.call('GET', `/api/executions/${children.items[0].id}?include=input`);
    expect(child.trigger).toMatchObject({
      reason: 'wants the money back',
      conversation: [
        { role: 'user', content: message, untrusted: true },
        { role: 'assistant', toolCalls: [{ name: 'order', arguments: { id: 'B12' } }] },
        { role: 'tool', name: 'order', content: '{"id":"B12","state":"delivered","paid":80}', untrusted: true },
      ],
    });
    const { body: state } = await program.call('GET', '/api/sessions/cleo/state');
    expect(state.messages.map(({ content }: View) => content)).toEqual([message, body.text]);
  });

  test('low confidence goes to a person, who edits the answer', async () => {
    await deploy('escalation.yaml');
    const sure = await program.call('POST', '/webhooks/questions', { question: 'Which port?', user: 'bob' });
    expect((await ended(sure.body.executionId)).output).toEqual({ answer: 'It listens on port 4400.', by: 'agent' });
    const unsure = await program.call('POST', '/webhooks/questions', { question: 'Is it good?', user: 'bob' });
    const waiting = await until(unsure.body.executionId, ({ waitingFor }) => waitingFor.length > 0);
    const [{ waitId }] = waiting.waitingFor;
    const decision = { decision: 'approved', by: 'eva', as: 'support', data: { answer: 'It is.' } };
    expect((await program.call('POST', `/api/approvals/${waitId}/decide`, decision)).status).toBe(200);
    expect((await ended(unsure.body.executionId)).output).toEqual({ answer: 'It is.', by: 'eva' });
  });
});

describe('a model of our own script', () => {
  const script = (name: string, rules: object) => {
    mkdirSync(join(program.home, 'models'), { recursive: true });
    writeFileSync(join(program.home, 'models', `${name}.yaml`), JSON.stringify(rules));
  };
  const agent = (name: string, config: object, more: object = {}) =>
    save({
      name,
      ...more,
      nodes: [{ id: 'a', type: 'agent', config: { model: `scripted:${name}`, prompt: 'go', ...config } }],
    });

  test('kill -9 in the middle of its loop: what was done is read, the books say what was lost', async () => {
    const tool = { name: 'note', description: 'Notes', type: 'tool', config: { tool: 'noop' } };
    const calls = [0, 1, 2].map((turn) => ({ turn, tools: [{ name: 'note', arguments: { turn } }] }));
    script('slow', { rules: [...calls, { turn: 3, reply: 'done', delay: '2s' }] });
    await agent('slow', { tools: [tool] });
    const id = await run('slow', {});
    await until(id, ({ nodes }) =>
      nodes.some(({ path, status }: View) => path === 'a[6]/model' && status === 'running'),
    );
    await program.kill();
    await program.start();
    const view = await ended(id);
    expect(view.output).toEqual({ text: 'done' });
    const { body } = await program.call('GET', `/api/executions/${id}/calls`);
    const outcomes = body.items.map(({ path, status }: View) => `${path} ${status}`);
    expect(outcomes).toEqual([
      ...['a[0]/model paid', 'a[2]/model paid', 'a[4]/model paid', 'a[6]/model unknown', 'a[6]/model paid'],
    ]);
  });

  test('tools of an MCP server: called, refused by their schema, and a server that dies in the middle of a call', async () => {
    const wants = (name: string, given: object, turn: number) => ({ turn, tools: [{ name, arguments: given }] });
    const rules = [wants('echo', { text: 'hello' }, 0), wants('echo', { wrong: 1 }, 1), wants('die', {}, 2)];
    script('outside', { rules: [...rules, { turn: 3, match: '(?s)(.*)', reply: '$1' }] });
    const failed = ({ status }: View) => status === 'failed';
    const source = { source: 'mcp:test', include: ['echo', 'd*'], policy: 'allow' };
    await agent('outside', { tools: [source] });
    const id = await run('outside', {});
    const view = await until(id, failed);
    const at = (path: string) => view.nodes.find((node: View) => node.path === path);
    expect(at('a[0]/context').output.tools.map(({ name }: View) => name)).toContain('echo');
    expect(at('a[2]/call')).toMatchObject({ status: 'completed', output: 'hello' });
    expect(at('a[4]/refused').error.message).toContain('The arguments do not fit');
    // Its effect is irreversible, and nobody knows if it happened: the model is not told that it failed.
    const { error } = at('a[6]/call');
    expect(error).toMatchObject({ code: 'in_doubt', data: { last: { code: 'tool_source_failed' } } });
    const known = { path: 'a[6]/call', happened: true, output: 'it did die' };
    expect((await program.call('POST', `/api/executions/${id}/resolve`, known)).status).toBe(202);
    expect((await ended(id)).output.text).toContain('it did die');
  });

  test('an agent asks before it does what cannot be undone', async () => {
    script('risky', {
      rules: [{ turn: 0, tools: [{ name: 'burn', arguments: { what: 'paper' } }] }],
      default: { reply: 'ok' },
    });
    const burn = {
      ...{ name: 'burn', description: 'Burns it', parameters: { type: 'object', required: ['what'] } },
      ...{ type: 'http', config: { method: 'POST', url: 'http://127.0.0.1:9/burn' } },
    };
    await agent('risky', { tools: [burn] });
    const id = await run('risky', {});
    const waiting = await until(id, ({ waitingFor }) => waitingFor.length > 0);
    expect(waiting.waitingFor[0]).toMatchObject({ reason: 'approval', path: 'a[1]/approve' });
    const { waitId } = waiting.waitingFor[0];
    const { body: asked } = await program.call('GET', `/api/approvals/${waitId}`);
    expect(asked).toMatchObject({ title: 'Let risky call burn?', data: { what: 'paper' } });
    await program.call('POST', `/api/approvals/${waitId}/decide`, { decision: 'rejected', by: 'eva', comment: 'no' });
    expect((await ended(id)).output).toEqual({ text: 'ok' });
  });
});
