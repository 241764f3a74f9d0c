/** How the turns of an agent are read: which were of its model, what they answered, what became of the calls. */
import type { Content, Message, ToolCall } from '../core/conversation.ts';
import { isObject, type Json } from '../core/json.ts';
import { canonical } from '../core/json-schema/place.ts';
import type { Choice, Known, Paid, Turn } from '../core/node-type.ts';
import type { AgentConfig } from './config.ts';
import type { Memo } from './memo.ts';
import { askBody, type FoundTool, type Tool, toolsOf, unknownEffects, type WorkflowEffects } from './toolbox.ts';

export interface Agent {
  readonly config: Pick<AgentConfig, 'tools' | 'output' | 'limits' | 'memory' | 'safety'>;
  readonly memo: Memo;
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly context: Context | undefined;
}

/** What a `context` node answers. */
interface Context {
  readonly system: string | null;
  readonly prompt: string | null;
  readonly tools: readonly FoundTool[];
  /** Absent where it was read by an older version. */
  readonly effects?: WorkflowEffects;
  readonly session: {
    /** Said before the window, and in no summary yet; oldest first. */
    readonly overflow: readonly Message[];
    /** Place of the last of them in the session. */
    readonly overflowTo: number;
    /** Of each. */
    readonly overflowAt?: readonly number[];
    readonly window: readonly Message[];
    readonly summary: string | null;
    readonly facts: Readonly<Record<string, Json>>;
    /** Outsiders have had their say in it. */
    readonly untrusted: boolean;
  } | null;
}

/** Recorded with the choice to ask the model. */
export interface ModelItem {
  readonly purpose: 'answer' | 'summarize';
  readonly model: string;
  /** What was wrong with the answer before. */
  readonly repair?: string;
  /** Old answers of tools are shortened. */
  readonly trim?: true;
  /** Characters of each answer of a tool in the last round. */
  readonly most?: number;
  /** So many of the last messages of the session are shown; absent: all of its window. */
  readonly window?: number;
  /** Of a summary: it holds the turns before this one; absent: what fell out of the window of the session. */
  readonly before?: number;
  /** Of a summary: characters that are summed up. */
  readonly room?: number;
}

/** Recorded with the choice to call a tool, or not to. */
export interface ToolItem {
  readonly tool: string;
  readonly callId: string;
  /** Turn of the model that wants it. */
  readonly of: number;
  readonly arguments: Json;
  readonly note?: string;
  readonly reason?: string;
}

/** What a `model` node answers. */
export interface Answer extends Paid {
  readonly text: string;
  readonly reasoning?: string;
  readonly object?: Json;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: string;
  readonly currency: string;
  readonly latencyMs: number;
}

export function agentOf({ config, memo, turns }: Known): Agent {
  const own = config as Agent['config'];
  const context = turns.findLast((turn) => turn.body === 'context' && turn.output !== undefined)?.output as
    | Context
    | undefined;
  return {
    config: own,
    memo: memo as Memo,
    turns,
    context,
    tools: toolsOf(own, context?.tools ?? [], effectsOf(own, context)),
  };
}

/** Undefined: an older version began it, and asked for none; its tools go by their own nodes, as they did then. */
function effectsOf(config: Agent['config'], context: Context | undefined): WorkflowEffects | undefined {
  if (context !== undefined) return context.effects;
  return unknownEffects(config).length === 0 ? {} : undefined;
}

export const isModelTurn = ({ body }: Choice): boolean => body === 'model';
export const modelItem = ({ item }: Choice): ModelItem => item as ModelItem;
export const isAnswer = (turn: Turn): boolean =>
  isModelTurn(turn) && modelItem(turn).purpose === 'answer' && answerOf(turn) !== undefined;
export const answerOf = (turn: Turn): Answer | undefined => turn.output as Answer | undefined;

export function isToolTurn({ item }: Turn): boolean {
  return isObject(item) && 'callId' in item;
}
export const toolItem = (turn: Turn): ToolItem => turn.item as ToolItem;

/** What a person agreed to. */
export interface Approval {
  /** Those that the tool was called with. */
  readonly arguments: Json;
  readonly by: string;
  /** They are others than the model wanted. */
  readonly isChanged: boolean;
}

/** Of a call that a person was asked about; undefined where nobody has agreed to it. */
export function approvalOf(turn: Turn): Approval | undefined {
  const output = turn.heard?.output;
  const decision = isToolTurn(turn) && isObject(output) ? output.decision : undefined;
  if (!isObject(decision) || decision.decision !== 'approved') return undefined;
  const asked = toolItem(turn).arguments;
  const sent = (decision.data ?? asked) as Json;
  return { arguments: sent, by: String(decision.by), isChanged: canonical(sent) !== canonical(asked) };
}

/** A person is asked before this call is made. */
export const isAsked = ({ body }: Turn): boolean => body.startsWith(askBody(''));

export const promptOf = ({ context, memo }: Agent): string =>
  context?.prompt ?? (typeof memo.prompt === 'string' ? memo.prompt : '');

/** What is asked, with what is attached to it; words that are none are left out, for no provider takes them. */
export function withAttachments({ memo: { attachments } }: Agent, text: string): Content {
  if (attachments.length === 0) return text;
  return text === '' ? [...attachments] : [{ type: 'text', text }, ...attachments];
}

/** Something is asked of it; otherwise it goes on with what was said before. */
export const hasPrompt = ({ memo }: Agent): boolean => memo.prompt !== null || memo.attachments.length > 0;

/** All that its model calls used. */
export function usageOf({ turns }: Agent): { readonly calls: number; readonly tokens: number } {
  let calls = 0;
  let tokens = 0;
  for (const turn of turns) {
    const usage = isModelTurn(turn) ? answerOf(turn)?.usage : undefined;
    if (usage === undefined) continue;
    tokens += usage.inputTokens + usage.outputTokens;
    if (modelItem(turn).purpose === 'answer') calls += 1;
  }
  return { calls, tokens };
}

/** As people know the agent: the name of its workflow. */
export const nameOf = ({ env }: Known): string =>
  String((env(null).$workflow as { readonly name?: unknown } | undefined)?.name ?? 'agent');
