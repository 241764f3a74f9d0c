/**
 * Agents whose server is killed again and again: loops of a model call and a tool call, against a double of a provider
 * that lives on and counts. At the end each call of the model has one answer that was paid. Whatever the provider was paid for
 * besides was under way at a kill, by its own count of connections and by the journal as the kill left it; and it stands in
 * the books as unknown, at its node.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type postgres from 'postgres';
import { loopOf } from '../../src/testing/providers/loop.ts';
import { type Providers, startProviders } from '../../src/testing/providers/server.ts';
import { connect } from '../program/database.ts';
import { Program } from '../program/server.ts';
import { deploy, settled, UNFINISHED } from './campaign.ts';

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
  /** Of these, whose connection was open at a kill. */
  readonly cut: number;
  /** Of these, that had gone out whole, and were not in the journal yet at a kill. */
  readonly unread: number;
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

/**
 * An agent that notes each turn. The kills come faster than calls end, so one call may be cut off many times: with fewer
 * `attempts` it would be held to be the cause (`crash_loop`), which test/e2e/model-crashes.test.ts has.
 */
export const loopAgent = (name: string, more: object = {}, own: object = {}): object => ({
  name,
  ...more,
  nodes: [
    {
      id: 'agent',
      type: 'agent',
      retry: { attempts: 1_000 },
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
    const lost = new Losses(provider);
    /** Those that have ended make room for others, so that there is always something to cut off. */
    const fill = async () => {
      const lists = await Promise.all(
        UNFINISHED.map((status) => program.call('GET', `/api/executions?status=${status}&limit=100`)),
      );
      // One that changes its status between the lists may be in two of them, or in none: those go by what was started.
      const ids = new Set(lists.flatMap(({ body }) => (body.items ?? []).map(({ id }: { id: string }) => id)));
      const missing = Math.min(loops - ids.size, loops);
      if (missing <= 0 || !lists.every(({ status }) => status === 200)) return;
      const inputs = Array.from({ length: missing }, () => ({}));
      const { status } = await program.call('POST', '/api/workflows/loop/execute', { inputs });
      if (status === 202) executions += missing;
    };
    for (let kill = 1; kill <= kills; kill++) {
      await fill();
      await moment(provider);
      await program.kill();
      await lost.look(program);
      await program.start();
      if (kill % 20 === 0) progress?.(`${kill} kills, ${provider.counts().calls} calls`);
    }
    await settled(program, 180_000, () => program.output);
    const sql = connect(program);
    const found = await judge(sql, provider, lost, executions).finally(() => sql.end());
    return { kills, executions, ...found };
  } finally {
    await close();
  }
}

/** What was under way at the kills: told by the provider, and by the journal before anybody goes on with it. */
class Losses {
  readonly #provider: Providers;
  /** Kills at which a call was under way, by its key. */
  readonly times = new Map<string, number>();
  cut = 0;
  unread = 0;
  /** Answers before this one were looked at after an earlier kill. */
  #seen = 0;

  constructor(provider: Providers) {
    this.#provider = provider;
  }

  /** While nothing runs but the database. */
  async look(program: Program): Promise<void> {
    const sql = connect(program);
    const rows = await sql`
      select stream_id || '/' || (data->>'path') as key from events where type = 'node.completed'`.finally(() =>
      sql.end(),
    );
    const durable = new Set(rows.map(({ key }) => key));
    const begun = this.#provider.begun.slice(this.#seen);
    this.#seen += begun.length;
    for (const { key, end } of begun) {
      // One that was cut may have reached the provider only after the last kill was looked at.
      if (end !== 'cut' && durable.has(key)) continue;
      if (end === 'whole') this.unread += 1;
      else this.cut += 1;
      this.times.set(key, (this.times.get(key) ?? 0) + 1);
    }
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

async function judge(sql: postgres.Sql, provider: Providers, lost: Losses, executions: number) {
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
    const atKills = lost.times.get(row.key) ?? 0;
    if (times > 1 + atKills) faults.push(`${row.key} was paid ${times} times, and under way at ${atKills} kills`);
    if (times > 1 + row.unknown) faults.push(`${row.key} was paid ${times} times, ${row.unknown} of them unknown`);
  }
  const distinct = executions * (TURNS + 1);
  if (rows.length !== distinct) faults.push(`the books have ${rows.length} calls of ${distinct}`);
  if (keys > distinct) faults.push(`the provider saw ${keys} keys of ${distinct} calls`);
  const { cut, unread } = lost;
  if (paid > distinct + cut + unread)
    faults.push(`${paid} were paid for ${distinct} calls, ${cut + unread} were under way at a kill`);
  const ended = await sql`select execution_id, count(*)::int as n from (
    select stream_id as execution_id, data->>'path' as path from events where type = 'node.completed'
     group by 1, 2 having count(*) > 1) t group by 1`;
  for (const row of ended) faults.push(`${row.execution_id} completed ${row.n} nodes twice`);
  return { distinct, paid, cut, unread, books, faults };
}
