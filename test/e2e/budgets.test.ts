/** What happens where a budget is at its end, for each kind of budget, by the real program; it is killed while a person is asked. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Program } from '../program/server.ts';

/** A call may take 0.1 and costs 0.05: of a budget of 0.12, the second has not enough. */
const LIMIT = 0.12;
let program: Program;

beforeAll(async () => {
  program = await Program.create();
  const price = { version: 'test', input: 0, output: 1_000 };
  const models = { dear: { model: 'scripted:loop', price, maxOutputTokens: 100 }, cheap: { model: 'scripted:loop' } };
  writeFileSync(join(program.home, 'config.yaml'), JSON.stringify({ models }));
  mkdirSync(join(program.home, 'models'));
  const usage = { inputTokens: 1, outputTokens: 50 };
  const rules = [{ turn: 0, tools: [{ name: 'note', arguments: {} }], usage }];
  writeFileSync(join(program.home, 'models/loop.yaml'), JSON.stringify({ rules, default: { reply: 'done', usage } }));
  await program.start();
});
afterAll(() => program.dispose());

// biome-ignore lint/suspicious/noExplicitAny: what the server shows
type View = any;

const KINDS = ['agent', 'tree', 'session', 'user', 'workflow', 'project', 'day'] as const;
type Kind = (typeof KINDS)[number];

/** An agent of its own of two calls; its name is also that of its session and user. */
async function deploy(name: string, kind: Kind, onBudget: unknown): Promise<void> {
  const note = { name: 'note', description: 'Notes', type: 'tool', config: { tool: 'noop' } };
  const limits = { onBudget, ...(kind === 'agent' && { cost: LIMIT }) };
  const config = { model: 'dear', prompt: 'go', session: name, user: name, tools: [note], limits };
  const settings = kind === 'tree' ? { budget: LIMIT } : {};
  const document = { name, settings, nodes: [{ id: 'a', type: 'agent', config }] };
  const { status, body } = await program.call('POST', '/api/workflows?activate=true', document);
  expect([status, body.errors]).toEqual([201, undefined]);
}

/** Those of a definition are in it. Others have `LIMIT` from now on. */
async function limit(name: string, kind: Kind): Promise<void> {
  if (kind === 'agent' || kind === 'tree') return;
  const place =
    kind === 'project' || kind === 'day'
      ? { scope: 'project', per: kind === 'day' ? 'day' : 'total' }
      : { scope: kind, key: name };
  const { body } = await program.call('PUT', '/api/budgets', { ...place, limit: 1_000 });
  const { spent } = body.items.find((one: View) => isOf(one, name, kind));
  await program.call('PUT', '/api/budgets', { ...place, limit: spent + LIMIT });
}

const isOf = ({ account, per }: View, name: string, kind: Kind): boolean =>
  kind === 'day' ? per === 'day' : kind === 'project' ? account === 'project' : account === nameOf(name, kind);
const ids = new Map<string, string>();
const nameOf = (name: string, kind: Kind): string => `${kind}:${kind === 'workflow' ? ids.get(name) : name}`;

async function removed(kind: Kind): Promise<void> {
  const per = kind === 'day' ? 'day' : 'total';
  if (kind === 'project' || kind === 'day') await program.call('DELETE', `/api/budgets?scope=project&per=${per}`);
}

async function begin(name: string, kind: Kind, onBudget: unknown): Promise<string> {
  await deploy(name, kind, onBudget);
  ids.set(name, (await program.call('GET', `/api/workflows/${name}`)).body.id);
  await limit(name, kind);
  const { body } = await program.call('POST', `/api/workflows/${name}/execute`, { input: {} });
  return body.executionId;
}

async function until(id: string, is: (view: View) => boolean): Promise<View> {
  for (;;) {
    const { body } = await program.call('GET', `/api/executions/${id}`);
    if (is(body)) return body;
  }
}
const ended = (id: string) => until(id, ({ status }) => ['completed', 'failed'].includes(status));

async function calls(id: string): Promise<string[]> {
  const { body } = await program.call('GET', `/api/executions/${id}/calls`);
  return body.items.map(({ path, model, status }: View) => `${path} ${model} ${status}`);
}
const SHORT = ['a[1]/model dear paid', 'a[3]/model dear refused'];

const WORDS: Record<Kind, RegExp> = {
  agent:
    /a\[3\]\/model: The budget agent:\S+\/a has 0.07 left of 0.12; the call may take 0.10\. It is set by limits\.cost\./,
  tree: /The budget execution:\S+ has 0.07 left of 0.12; .* It is set by settings\.budget\./,
  session: /The budget session:\S+ has 0.07 left of 0.12/,
  user: /The budget user:\S+ has 0.07 left of 0.12/,
  workflow: /The budget workflow:workflow-(?:fails|asks) has 0.07 left of 0.12/,
  project: /The budget project has 0.07 left of /,
  day: /The budget project\/20\d\d-\d\d-\d\d has 0.07 left of /,
};

test.each(KINDS)('of %s: it fails, or goes on with a cheaper model', async (kind) => {
  const failed = await ended(await begin(`${kind}-fails`, kind, 'fail'));
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'budget_exceeded' } });
  expect(failed.error.message).toMatch(WORDS[kind]);
  expect(await calls(failed.id)).toEqual(SHORT);
  const cheap = await ended(await begin(`${kind}-cheap`, kind, { fallback: 'cheap' }));
  expect(cheap).toMatchObject({ status: 'completed', output: { text: 'done' } });
  expect(await calls(cheap.id)).toEqual([...SHORT, 'a[4]/model cheap paid']);
  await removed(kind);
});

const restart = async () => {
  await program.kill();
  await program.start();
};

/** Asks of them all, with a kill before and one right after a person has decided. More is granted than a lost call takes. */
async function asked(kinds: readonly Kind[]): Promise<void> {
  const all = await Promise.all(
    kinds.map(async (kind) => ({ kind, name: `${kind}-asks`, id: await begin(`${kind}-asks`, kind, 'pause_and_ask') })),
  );
  for (const { id } of all) await until(id, ({ waitingFor }) => waitingFor.length > 0);
  await restart();
  for (const { kind, id } of all) {
    const { waitingFor } = await until(id, () => true);
    expect(waitingFor).toMatchObject([{ reason: 'approval', path: 'a[4]/approve' }]);
    const place = `/api/approvals/${waitingFor[0].waitId}`;
    const { body: shown } = await program.call('GET', place);
    expect(shown.title).toMatch(new RegExp(`^Give ${kind}-asks more of the budget `));
    expect(shown.description).toMatch(WORDS[kind]);
    expect(shown.description).toContain('The call would exceed it by 0.03.');
    const data = { decision: 'approved', by: 'eva', data: { amount: 0.5 } };
    expect((await program.call('POST', `${place}/decide`, data)).status).toBe(200);
  }
  await restart();
  for (const { kind, name, id } of all) {
    expect(await ended(id)).toMatchObject({ status: 'completed', output: { text: 'done' } });
    // The kill may have cut off the last call: then it has two rows of the books, and one of them is paid.
    const books = (await calls(id)).filter((line) => !line.endsWith('unknown'));
    expect(books).toEqual([...SHORT, 'a[5]/model dear paid']);
    if (kind === 'agent' || kind === 'tree') continue;
    const { body } = await program.call('GET', '/api/budgets');
    expect(body.items.find((one: View) => isOf(one, name, kind))).toMatchObject({ granted: 0.5, reserved: 0 });
    await removed(kind);
  }
}

test('a person is asked, and what is granted counts once, through kill -9', async () => {
  await asked(['agent', 'tree', 'session', 'user', 'workflow']);
});

test.each(['project', 'day'] as const)('so it is of %s', (kind) => asked([kind]));

test('who decides against more ends it', async () => {
  const id = await begin('session-refused', 'session', 'pause_and_ask');
  const { waitingFor } = await until(id, (view) => view.waitingFor.length > 0);
  await program.call('POST', `/api/approvals/${waitingFor[0].waitId}/decide`, { decision: 'rejected', by: 'eva' });
  const { error } = await ended(id);
  expect(error).toMatchObject({ code: 'budget_exceeded', message: expect.stringContaining('decided against more') });
});
