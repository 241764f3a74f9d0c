/** One turn of a chat: a line in, the words of the agent out as they come, and whatever kept it from answering. */
import { parseEdge } from '../core/definition/edge.ts';
import type { Client, Execution, StreamEvent } from '../sdk/index.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { exitOfStatus, follow } from './follow.ts';
import { clean } from './text.ts';

interface Talk {
  readonly session: string;
  readonly user: string;
}

/** Gives the exit code of the turn. An abort cancels the execution and ends the turn only. */
export function createChat(context: Context, workflow: string, talk: Talk) {
  const client = context.client();
  let speakers: ReadonlySet<string> | undefined;
  return async (message: string, signal: AbortSignal): Promise<number> => {
    speakers ??= await lastNodesOf(client, workflow);
    const id = await client.workflows.execute(workflow, { message, ...talk });
    try {
      return await turn(context, client, id, { signal, speakers });
    } catch (error) {
      if (!signal.aborted) throw error;
      await client.executions.cancel(id, { reason: 'interrupted in the chat' }).catch(() => undefined);
      context.remark('Interrupted.');
      return EXIT.canceled;
    }
  };
}

/** Nodes that nothing follows: what models say in them is the answer, in others it is for the nodes after. */
async function lastNodesOf(client: Client, workflow: string): Promise<ReadonlySet<string>> {
  const { nodes, edges = [] } = (await client.workflows.get(workflow)).definition;
  const followed = new Set(edges.map((edge) => parseEdge(edge)?.from));
  return new Set(nodes.flatMap(({ id }) => (followed.has(id) ? [] : [id])));
}

interface TurnOptions {
  readonly signal: AbortSignal;
  readonly speakers: ReadonlySet<string>;
}

async function turn(context: Context, client: Client, id: string, { signal, speakers }: TurnOptions): Promise<number> {
  const voice = new Voice(context, speakers);
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  const asks = tellAsks(context, client, id, both).catch((error: unknown) => {
    if (!both.aborted) throw error;
  });
  try {
    for await (const event of client.executions.stream(id, { from: 'start', signal })) voice.hear(event);
  } finally {
    done.abort();
    await asks;
  }
  return answer(context, await client.executions.get(id, { signal }), voice);
}

function answer(context: Context, view: Execution, voice: Voice): number {
  const { status, output, error, id } = view;
  if (context.json) {
    context.io.stdout.write(`${JSON.stringify({ executionId: id, status, output, error })}\n`);
    return exitOfStatus(status);
  }
  if (status === 'completed') voice.close(textOf(output));
  else {
    voice.close();
    const place = view.nodes.find((node) => node.status === 'failed' && node.error !== null)?.path;
    const why = error === null ? `It is ${status}.` : `${error.code}: ${error.message}`;
    context.remark(clean(`Failed${place === undefined ? '' : ` at ${place}`}: ${why}`), `  myelin executions ${id}`);
  }
  return exitOfStatus(status);
}

function textOf(output: unknown): string {
  if (typeof output === 'string') return output;
  const text = typeof output === 'object' && output !== null && 'text' in output ? output.text : undefined;
  return typeof text === 'string' ? text : JSON.stringify(output, null, 2);
}

/** Says once of each approval that a person is waited for, and how to decide. */
async function tellAsks(context: Context, client: Client, id: string, signal: AbortSignal): Promise<void> {
  const told = new Set<string>();
  for await (const { waitingFor } of follow(client, id, { signal })) {
    for (const { reason, waitId, path } of waitingFor) {
      if (reason !== 'approval' || waitId === undefined || told.has(waitId)) continue;
      told.add(waitId);
      context.remark(`Waits for an approval at ${clean(path ?? '')}:`, `  myelin approve ${waitId}   (or --reject)`);
    }
  }
}

/**
 * The texts of calls of the last nodes, each on lines of its own; what was said already is not said again at the end.
 * A text that begins as JSON is an object for the program; the output has it.
 */
class Voice {
  readonly #context: Context;
  readonly #speakers: ReadonlySet<string>;
  #said = '';
  #path = '';
  #isObject = false;

  constructor(context: Context, speakers: ReadonlySet<string>) {
    this.#context = context;
    this.#speakers = speakers;
  }

  hear(event: StreamEvent): void {
    if (event.type === 'end' || event.type === 'call' || this.#context.json) return;
    if (!this.#speakers.has(/^[^[/]*/.exec(event.path)?.[0] ?? '')) return;
    if (event.type === 'reset') return this.#break();
    if (event.path !== this.#path) this.#break();
    this.#path = event.path;
    if (event.offset === 0) this.#isObject = /^\s*[[{]/.test(event.text);
    if (this.#isObject) return;
    this.#said += event.text;
    this.#write(event.text);
  }

  /** `text`: the whole answer, said now where the last call said something else. */
  close(text?: string): void {
    if (text !== undefined && text.trim() !== this.#said.trim()) {
      this.#break();
      this.#said = text;
      this.#write(text);
    }
    this.#break();
  }

  #break(): void {
    if (this.#said !== '' && !this.#said.endsWith('\n')) this.#context.io.stdout.write('\n');
    this.#said = '';
  }

  #write(text: string): void {
    this.#context.io.stdout.write(clean(text, true));
  }
}
