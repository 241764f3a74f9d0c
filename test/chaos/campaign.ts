/** What all campaigns do: deploy, wait for the end, and kill the database. The callers and the checker stand beside. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../program/server.ts';
import type { Target } from './callers.ts';

export async function deploy(target: Target, document: object): Promise<void> {
  const { status, body } = await target.call('POST', '/api/workflows?activate=true', document);
  if (status !== 201) throw new Error(`the workflow was refused: ${JSON.stringify(body)}`);
}

export const UNFINISHED = ['pending', 'running', 'waiting', 'compensating'];

/** Resolves when no execution is left unfinished; `said` is what the servers printed. */
export async function settled(target: Target, withinMs: number, said: () => string): Promise<void> {
  const deadline = Date.now() + withinMs;
  // One that changes its status between two of the lists is in neither: nothing is left when two looks say so.
  for (let quiet = 0; ; ) {
    const lists = await Promise.all(
      UNFINISHED.map((status) => target.call('GET', `/api/executions?status=${status}&limit=5`)),
    );
    const left = lists.flatMap((list) => list.body.items ?? []);
    quiet = lists.every((list) => list.status === 200) && left.length === 0 ? quiet + 1 : 0;
    if (quiet === 2) return;
    if (Date.now() > deadline) throw new Error(`not finished: ${JSON.stringify(left)}\n${said().slice(-4_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
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
