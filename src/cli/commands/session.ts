/** `session`: a conversation as it went, or its state or events up to a number. */
import { InvalidArgumentError } from 'commander';
import { isObject } from '../../core/json.ts';
import { formatNanos } from '../../core/money.ts';
import { personOf, type Writer } from '../../core/session/events.ts';
import type { Client, Session, SessionEvent, SessionState, TimelineLine } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table } from '../table.ts';
import { brief, clean, counted, moment } from '../text.ts';

interface Options {
  readonly at?: number;
  readonly events?: boolean;
  readonly delete?: boolean;
}

export const addSession: AddCommand = (program, run) => {
  program
    .command('session')
    .description('Show a conversation: who said what, the tools, tokens and cost')
    .argument('<id>', 'id or key')
    .option('--at <seq>', 'what it was after the event of this number', toSeq)
    .option('-e, --events', 'its events instead')
    .option('--delete', 'delete it, with all that was said in it')
    .action(
      run(async (context, id: string, options: Options) => {
        if (options.delete) await remove(context, id);
        else if (options.events) await showEvents(context, id, options.at);
        else if (options.at !== undefined) await showState(context, id, options.at);
        else await showTalk(context, id);
        return EXIT.ok;
      }),
    );
};

async function remove(context: Context, id: string): Promise<void> {
  await context.client().sessions.delete(id);
  if (context.json) context.give({ id, deleted: true });
  else context.say(`${clean(id)} is deleted`);
}

function toSeq(text: string): number {
  const seq = Number(text);
  if (Number.isInteger(seq) && seq >= 1) return seq;
  throw new InvalidArgumentError('It is the number of an event, from 1.');
}

async function showTalk(context: Context, id: string): Promise<void> {
  const client = context.client();
  const session = await client.sessions.get(id);
  const lines = await whole((after) => client.sessions.timeline(session.id, { after, limit: 1_000 }));
  if (context.json) context.give({ ...session, timeline: lines });
  else context.say(...head(session, context), '', ...lines.flatMap((line) => told(line, session, context)));
}

function head(one: Session, { style }: Context): string[] {
  const paint = one.status === 'active' ? style.green : style.dim;
  const user = one.userId === null ? '' : `  user ${clean(one.userId)}`;
  const spent = `${one.inputTokens} + ${one.outputTokens} tokens, cost ${formatNanos(one.cost)}`;
  const reason = one.endReason === null ? '' : ` (${one.endReason})`;
  return [
    `${style.bold(clean(one.key))}  ${clean(one.agent)}${user}  ${paint(one.status + reason)}  ${style.dim(one.id)}`,
    `${talkOf(one.messageCount, one.modelCalls)}, ${toolsOf(one.toolCalls, one.failedToolCalls)}, ${spent}`,
    style.dim(`from ${moment(one.startedAt)} to ${moment(one.lastActivity)} UTC`),
  ];
}

const failed = (count: number): string => (count === 0 ? '' : ` (${count} failed)`);
const talkOf = (messages: number, calls: number): string =>
  `${counted(messages, 'message')}, ${counted(calls, 'model call')}`;
const toolsOf = (calls: number, bad: number): string => counted(calls, 'tool call') + failed(bad);

function told(line: TimelineLine, { agent, userId }: Pick<Session, 'agent' | 'userId'>, { style }: Context): string[] {
  const text = clean(line.content, true).split('\n');
  const at = style.dim(`${String(line.seq).padStart(4)}  ${moment(line.at).slice(11)}`);
  const [first = '', ...rest] = text;
  const who = speaker(line, agent, userId);
  const paint = line.kind === 'user' ? style.cyan : line.kind === 'agent' ? style.green : style.dim;
  return [`${at}  ${paint(`${clean(who)}:`)} ${first}`, ...rest.map((one) => `${' '.repeat(16)}${one}`)];
}

function speaker({ kind, data }: TimelineLine, agent: string, userId: string | null): string {
  if (kind === 'user') return userId ?? 'user';
  if (kind === 'agent') return personIn(data) ?? agent;
  if (kind === 'model') return 'model failed';
  if (kind !== 'tool' || typeof data !== 'object' || data === null) return kind;
  const tool = 'tool' in data ? String(data.tool) : 'tool';
  return 'success' in data && data.success === false ? `${tool} failed` : tool;
}

/** Who answered in the place of the agent. */
function personIn(data: unknown): string | undefined {
  const person = isObject(data) && isObject(data.by) ? personOf(data.by as unknown as Writer) : undefined;
  return person && `${person} (a person)`;
}

async function showState(context: Context, id: string, at: number): Promise<void> {
  const { sessions } = context.client();
  const state = await sessions.state(id, { at });
  if (context.json) return context.give(state);
  const lines = await whole((after) => sessions.timeline(id, { after, limit: 1_000 }), at);
  const said = lines.filter(({ seq }) => seq <= at).flatMap((line) => told(line, state, context));
  context.say(...stateLines(state, context), '', ...said);
}

function stateLines(state: SessionState, { style, width = 160 }: Context): string[] {
  const { counters: c } = state;
  const lines = [
    `${style.bold(clean(state.key))}  ${clean(state.agent)}  ${state.status}  after event ${state.seq}, ${moment(state.lastActivity)} UTC`,
    `${talkOf(c.messages, c.modelCalls)}${failed(c.failedModelCalls)}, ${toolsOf(c.toolCalls, c.failedToolCalls)}, ${c.inputTokens} + ${c.outputTokens} tokens, cost ${formatNanos(c.cost)}`,
  ];
  for (const { model } of state.openModelCalls) lines.push(style.yellow(`waits for ${clean(model)}`));
  for (const { tool } of state.openToolCalls) lines.push(style.yellow(`waits for ${clean(tool)}`));
  for (const [key, value] of Object.entries(state.context)) lines.push(`  ${clean(key)}: ${brief(value, width - 20)}`);
  if (state.summary !== null) lines.push(`summary: ${clean(state.summary)}`);
  return lines;
}

async function showEvents(context: Context, id: string, at: number = Number.POSITIVE_INFINITY): Promise<void> {
  const events = await allEvents(context.client(), id, at);
  if (context.json) return context.give(events);
  const { style, width } = context;
  const rows = events.map(({ seq, at: time, type, data }) => [String(seq), moment(time), type, brief(data, 1_000)]);
  context.say(...table(['EVENT', 'AT (UTC)', 'TYPE', 'DATA'], rows, style, width));
}

async function allEvents({ sessions }: Client, id: string, at: number): Promise<SessionEvent[]> {
  const events = await whole((after) => sessions.events(id, { after, limit: 1_000 }), at);
  return events.filter(({ seq }) => seq <= at);
}

/** Page after page, until one reaches the number `upTo`. */
async function whole<T extends { readonly seq: number }>(
  read: (after: number) => Promise<{ items: T[]; nextCursor: string | null }>,
  upTo = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const items: T[] = [];
  for (let after = 0; after < upTo; ) {
    const page = await read(after);
    items.push(...page.items);
    if (page.nextCursor === null) break;
    after = Number(page.nextCursor);
  }
  return items;
}
