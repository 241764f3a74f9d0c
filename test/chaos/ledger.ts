/**
 * Agents whose server is killed again and again: loops of a model call and a tool call, against a double of a provider
 * that lives on and counts. At the end each call of the model has one answer that was paid, and whatever the provider
 * was paid for besides stands in the books as unknown, at its node.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type postgres from 'postgres';
import { loopOf } from '../../src/testing/providers/loop.ts';
import { type Providers, startProviders } from '../../src/testing/providers/server.ts';
import { connect } from '../program/database.ts';
import { Program } from '../program/server.ts';
import { deploy, settled } from './campaign.ts';

const TURNS = 12;
/** Milliseconds before each of the few events of an answer: long enough that many calls are under way at a kill. */
const EVERY_MS = 15;
/** A dollar for each million tokens: a token is a micro-dollar. */
const PRICE = { version: 'chaos', currency: 'USD', input: 1, output: 1 };

export interface LedgerReport {
  readonly kills: number;
  readonly executions: number;
  /** Calls that the loops consist of: each has an idempotency key of its own. */
  readonly distinct: number;
  /** Answers that the provider began, which cost something. */
  readonly paid: number;
  /** Calls in the books by what became of them. */
  readonly books: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

export interface LedgerOptions {
  readonly kills: number;
  /** At the same time. */
  readonly loops: number;
  progress?(line: string): void;
}

/** A running server whose models are at the double; `close` ends both. */
export async function openStage(): Promise<{ program: Program; provider: Providers; close(): Promise<void> }> {
  const provider = await startProviders(loopOf(EVERY_MS));
  const program = await Program.create({ MYELIN_DEPENDENCY_LIMIT: '256', MYELIN_BREAKER_THRESHOLD: '0' });
  mkdirSync(program.home, { recursive: true });
  const models = { loop: { model: `double:turns-${TURNS}`, price: PRICE, maxOutputTokens: 200 } };
  const providers = { double: { type: 'openai-compatible', baseUrl: `${provider.url}/v1` } };
  writeFileSync(join(program.home, 'config.yaml'), JSON.stringify({ models, providers }));
  const close = async () => {
    await program.dispose();
    await provider.stop();
  };
  return { program, provider, close };
}

/** An agent that notes each turn; what a crash cuts off is tried again at once, as often as it takes. */
export const loopAgent = (name: string, more: object = {}, own: object = {}): object => ({
  name,
  ...more,
  nodes: [
    {
      id: 'agent',
      type: 'agent',
      retry: { attempts: 1_000, delay: '1ms', max: '5ms' },
      config: {
        model: 'loop',
        prompt: 'Go on.',
        ...own,
        limits: { steps: 100 },
        tools: [
          {
            ...{ name: 'note', description: 'Notes the turn', type: 'tool', config: { tool: 'noop' } },
            parameters: { type: 'object', required: ['turn'], properties: { turn: { type: 'number' } } },
          },
        ],
      },
    },
  ],
});

export async function ledgerCampaign({ kills, loops, progress }: LedgerOptions): Promise<LedgerReport> {
  const { program, provider, close } = await openStage();
  try {
    await program.start();
    await deploy(program, loopAgent('loop'));
    let executions = 0;
    /** Those that have ended make room for others, so that there is always something to cut off. */
    const fill = async () => {
      const { body } = await program.call('GET', '/api/executions?status=running&limit=100');
      const missing = loops - (body.items?.length ?? loops);
      if (missing <= 0) return;
      const inputs = Array.from({ length: missing }, () => ({}));
      const { status } = await program.call('POST', '/api/workflows/loop/execute', { inputs });
      if (status === 202) executions += missing;
    };
    for (let kill = 1; kill <= kills; kill++) {
      await fill();
      await moment(provider);
      await program.kill();
      await program.start();
      if (kill % 20 === 0) progress?.(`${kill} kills, ${provider.counts().calls} calls`);
    }
    await settled(program, 180_000, () => program.output);
    const sql = connect(program);
    const found = await judge(sql, provider, executions).finally(() => sql.end());
    return { kills, executions, ...found };
  } finally {
    await close();
  }
}

/** A while after it has been asked some more times: whatever the speed of the machine, something is under way. */
async function moment(provider: Providers): Promise<void> {
  const wanted = provider.counts().calls + 1 + Math.floor(Math.random() * 60);
  const giveUp = Date.now() + 5_000;
  while (provider.counts().calls < wanted && Date.now() < giveUp)
    await new Promise((resolve) => setTimeout(resolve, 2));
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
}

async function judge(sql: postgres.Sql, provider: Providers, executions: number) {
  const faults: string[] = [];
  const [count] = await sql`select count(*)::int as n from workflow_executions where status = 'completed'`;
  if (count?.n !== executions) faults.push(`${count?.n} of ${executions} executions completed`);
  const rows = await sql`
    select execution_id || '/' || path as key, count(*) filter (where status = 'paid')::int as paid,
           count(*) filter (where status = 'unknown')::int as unknown, count(*) filter (where status = 'open')::int as open
      from model_calls group by execution_id, path`;
  const { paid, keys, repeated } = provider.counts();
  const books = { paid: 0, unknown: 0, open: 0 };
  for (const row of rows) {
    for (const status of ['paid', 'unknown', 'open'] as const) books[status] += row[status];
    if (row.paid !== 1) faults.push(`${row.key} has ${row.paid} answers that were paid`);
    if (row.open !== 0) faults.push(`${row.key} is open`);
    const times = repeated[row.key] ?? 1;
    if (times > 1 + row.unknown) faults.push(`${row.key} was paid ${times} times, ${row.unknown} of them unknown`);
  }
  const distinct = executions * (TURNS + 1);
  if (rows.length !== distinct) faults.push(`the books have ${rows.length} calls of ${distinct}`);
  if (keys > distinct) faults.push(`the provider saw ${keys} keys of ${distinct} calls`);
  if (paid > distinct + books.unknown) faults.push(`${paid} were paid for ${distinct} calls, ${books.unknown} unknown`);
  const ended = await sql`select execution_id, count(*)::int as n from (
    select stream_id as execution_id, data->>'path' as path from events where type = 'node.completed'
     group by 1, 2 having count(*) > 1) t group by 1`;
  for (const row of ended) faults.push(`${row.execution_id} completed ${row.n} nodes twice`);
  return { distinct, paid, books, faults };
}
