/**
 * A campaign of crashes under load. Callers fire webhooks without pause and write down what was acknowledged; the
 * server is killed again and again; at the end everything that was acknowledged must have happened, once.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../program/server.ts';
import type { Sink } from './sink.ts';

const RETRY = { attempts: 1000, delay: '20ms', max: '100ms' };

/** Three kinds of durable work: single effects, effects in a map, a stored timer. */
export function chaosWorkflow(sink: string) {
  const effect = (id: string) => ({
    id,
    type: 'http',
    config: { method: 'POST', url: `${sink}/${id}`, body: { n: '{{ $trigger.body.n }}' }, idempotent: true },
    retry: RETRY,
  });
  return {
    name: 'chaos',
    triggers: [{ id: 'hook', type: 'webhook', path: 'chaos' }],
    nodes: [
      effect('first'),
      { id: 'shape', type: 'transform', config: { set: { items: '{{ [1, 2, 3] }}' } } },
      { id: 'each', type: 'map', config: { items: '{{ $json.items }}', limit: 2, body: { nodes: [effect('fetch')] } } },
      { id: 'pause', type: 'delay', config: { for: '50ms' } },
      effect('last'),
    ],
    edges: ['first -> shape', 'shape -> each', 'each -> pause', 'pause -> last'],
  };
}

export async function deploy(program: Program, document: object): Promise<void> {
  const { status, body } = await program.call('POST', '/api/workflows?activate=true', document);
  if (status !== 201) throw new Error(`the workflow was refused: ${JSON.stringify(body)}`);
}

/** Fires webhooks until told to stop; a caller without an answer repeats with its key, as callers do. */
export class Callers {
  /** Execution ids by key, of what was acknowledged. */
  readonly acknowledged = new Map<string, string>();
  readonly faults: string[] = [];
  readonly #program: Program;
  readonly #work: Promise<void>[];
  #stopped = false;
  #next = 0;

  constructor(program: Program, count: number) {
    this.#program = program;
    this.#work = Array.from({ length: count }, () => this.#run());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#work);
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const n = this.#next++;
      const key = `key-${n}`;
      while (!(await this.#fire(key, n))) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #fire(key: string, n: number): Promise<boolean> {
    try {
      const { status, body } = await this.#program.call('POST', '/webhooks/chaos', { n }, { 'idempotency-key': key });
      if (status === 503 || status === 429) return false;
      if (status !== 202) this.faults.push(`${key} was answered ${status}: ${JSON.stringify(body)}`);
      else this.acknowledged.set(key, body.executionId);
      return true;
    } catch {
      return false;
    }
  }
}

/** What must hold at the end (I1 to I4 of the faults): a list of all that does not. */
export async function findFaults(program: Program, callers: Callers, sink: Sink): Promise<string[]> {
  const faults = [...callers.faults];
  const ids = [...callers.acknowledged.values()];
  if (new Set(ids).size !== ids.length) faults.push('two keys share an execution');
  const all = await everyExecution(program);
  const known = new Set(all.map((one) => one.id));
  for (const id of ids) if (!known.has(id)) faults.push(`${id} was acknowledged and is not there`);
  if (all.length !== ids.length) faults.push(`${ids.length} were acknowledged, ${all.length} exist`);
  const allowed = new Map<string, number>();
  for (const { id, status } of all) {
    if (status !== 'completed') faults.push(`${id} is ${status}`);
    faults.push(...(await historyFaults(program, id, allowed)));
  }
  for (const [key, count] of sink.calls) {
    const attempts = allowed.get(key) ?? 0;
    if (count > attempts) faults.push(`${key} was called ${count} times in ${attempts} recorded attempts`);
  }
  return faults;
}

/** Resolves when no execution is left unfinished. */
export async function settled(program: Program, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const lists = await Promise.all(
      ['pending', 'running', 'waiting'].map((status) =>
        program.call('GET', `/api/executions?status=${status}&limit=5`),
      ),
    );
    const left = lists.flatMap((list) => list.body.items ?? []);
    if (lists.every((list) => list.status === 200) && left.length === 0) return;
    if (Date.now() > deadline) throw new Error(`not finished: ${JSON.stringify(left)}\n${program.output.slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function everyExecution(program: Program): Promise<{ id: string; status: string }[]> {
  const found: { id: string; status: string }[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await program.call('GET', `/api/executions?limit=200${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items);
    if (!body.nextCursor) return found;
    cursor = encodeURIComponent(body.nextCursor);
  }
}

async function historyFaults(program: Program, id: string, allowed: Map<string, number>): Promise<string[]> {
  const { body } = await program.call('GET', `/api/executions/${id}/events?limit=1000`);
  const faults: string[] = [];
  const finished = new Set<string>();
  for (const [index, event] of body.items.entries()) {
    if (event.seq !== index + 1) faults.push(`${id}: event ${index + 1} has the number ${event.seq}`);
    const path = event.data?.path;
    if (event.type === 'node.started') {
      if (finished.has(path)) faults.push(`${id}: ${path} finished and ran again`);
      allowed.set(`${id}/${path}`, (allowed.get(`${id}/${path}`) ?? 0) + 1);
    }
    if (event.type !== 'node.completed') continue;
    if (finished.has(path)) faults.push(`${id}: ${path} finished twice`);
    finished.add(path);
  }
  if (finished.size !== 8) faults.push(`${id}: ${finished.size} of 8 nodes finished`);
  return faults;
}

/** Kills the database server itself, as the system may when memory is short. */
export function killPostgres(program: Program): void {
  try {
    const pid = Number(readFileSync(join(program.home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is down already.
  }
}
