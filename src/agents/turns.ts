/** How the turns of an agent are read: which were of its model, what they answered, what became of the calls. */
import { type Message, type ToolCall, textOf } from '../core/conversation.ts';
import { isObject, type Json } from '../core/json.ts';
import type { Choice, Known, Paid, Turn } from '../core/node-type.ts';
import type { AgentConfig } from './config.ts';
import type { Memo } from './memo.ts';
import { type FoundTool, type Tool, toolsOf } from './toolbox.ts';

/** Key among what a session remembers: the place of the last message that its summary holds. */
export const SUMMED_UP_TO = 'summary.upTo';

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
  readonly prompt: string;
  readonly tools: readonly FoundTool[];
  readonly session: {
    /** Said before the window, and in no summary yet; oldest first. */
    readonly overflow: readonly Message[];
    /** Place of the last of them in the session. */
    readonly overflowTo: number;
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
  return { config: own, memo: memo as Memo, turns, context, tools: toolsOf(own, context?.tools ?? []) };
}

export const isModelTurn = ({ body }: Choice): boolean => body === 'model';
export const modelItem = ({ item }: Choice): ModelItem => item as ModelItem;
export const answerOf = (turn: Turn): Answer | undefined => turn.output as Answer | undefined;

export function isToolTurn({ item }: Turn): boolean {
  return isObject(item) && 'callId' in item;
}
export const toolItem = (turn: Turn): ToolItem => turn.item as ToolItem;

export const promptOf = ({ context, memo }: Agent): string =>
  context?.prompt ?? (typeof memo.prompt === 'string' ? memo.prompt : '');

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

/** What was said so far, for another agent that takes over. */
export function messagesForHandoff(agent: Agent): readonly { readonly role: string; readonly text: string }[] {
  const before = (agent.context?.session?.window ?? []).map(({ role, content }) => ({ role, text: textOf(content) }));
  return [...before, { role: 'user', text: promptOf(agent) }];
}

/** As people know the agent: the name of its workflow. */
export const nameOf = ({ env }: Known): string =>
  String((env(null).$workflow as { readonly name?: unknown } | undefined)?.name ?? 'agent');
