/** What a model is shown: made anew for each turn from what is recorded, so nothing is stored twice. */
import type { ToolSpec } from '../core/conversation.ts';
import { isObject, type Json } from '../core/json.ts';
import { NANOS } from '../core/money.ts';
import type { Known, Turn } from '../core/node-type.ts';
import type { Request } from '../core/request-size.ts';
import { stripHtmlIn } from '../core/strip-html.ts';
import { untrusted } from '../core/untrusted.ts';
import { messagesOf } from './messages.ts';
import { shownText } from './shown.ts';
import { loopSummary, sessionSummary, summaryRequest } from './summary.ts';
import { isTainted } from './taint.ts';
import type { Tool } from './toolbox.ts';
import { type Agent, agentOf, type ModelItem, toolItem } from './turns.ts';

/** The config of the `model` node of a turn. */
interface Asked extends Request {
  readonly model: string;
  readonly session: string | undefined;
  readonly user: string | undefined;
  readonly grants: ReturnType<typeof grantsOf>;
  readonly temperature?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
}

/** The input of the `model` node of a turn. */
export function askedOf(known: Known, item: ModelItem): Asked {
  const agent = agentOf(known);
  const { memo, config } = agent;
  const common = {
    model: item.model,
    session: memo.session ?? undefined,
    user: memo.user ?? undefined,
    grants: grantsOf(known),
  };
  if (item.purpose === 'summarize') return { ...common, ...summaryRequest(agent, item) };
  return {
    ...common,
    system: systemOf(agent),
    messages: messagesOf(agent, item),
    tools: agent.tools.length === 0 ? undefined : agent.tools.map(specOf),
    schema: config.output?.schema,
    temperature: memo.temperature ?? undefined,
    maxOutputTokens: memo.maxOutputTokens ?? undefined,
  };
}

const specOf = ({ name, description, parameters }: Tool): ToolSpec => ({ name, description, parameters });

function systemOf(agent: Agent): string | undefined {
  const { memo, context, config, turns } = agent;
  const own = context?.system ?? (typeof memo.system === 'string' ? memo.system : null);
  const parts = own === null || own === '' ? [] : [own];
  // What is made of the words of outsiders is theirs.
  const mark = isTainted(agent) ? untrusted : (text: string) => text;
  const summary = sessionSummary(agent);
  if (summary) parts.push(`What was said before, summed up:\n${mark(shownText(agent, summary))}`);
  const done = loopSummary(agent);
  if (done !== undefined) parts.push(`What you have done so far for this, summed up:\n${mark(done.text)}`);
  const known = { ...context?.session?.facts, ...rememberedIn(turns) };
  const facts = Object.entries(config.safety?.strip ? stripHtmlIn(known) : known).filter(([, value]) => value !== null);
  if (facts.length > 0)
    parts.push(`Remembered:\n${mark(facts.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n'))}`);
  return parts.length === 0 ? undefined : parts.join('\n\n');
}

/** Facts that the `remember` tool was told in this loop. */
function rememberedIn(turns: readonly Turn[]): Record<string, Json> {
  const facts: Record<string, Json> = {};
  for (const turn of turns) {
    const fact = factOf(turn);
    if (fact !== undefined) facts[fact.key] = fact.value;
  }
  return facts;
}

export function factOf(turn: Turn): { readonly key: string; readonly value: Json } | undefined {
  if (turn.body !== 'remember' || turn.output === undefined) return undefined;
  return toolItem(turn).arguments as { key: string; value: Json };
}

/** What people have granted besides the budgets. */
function grantsOf({ turns, path, executionId }: Known): readonly { account: string; id: string; amount: number }[] {
  return turns.flatMap((turn, index) => {
    const granted = grantOf(turn);
    if (granted === undefined) return [];
    return [
      { account: granted.account, id: `${executionId}/${path}[${index}]@${turn.startedAt}`, amount: granted.amount },
    ];
  });
}

/** Undefined where a person did not agree, or was not asked. */
export function grantOf(turn: Turn): { readonly account: string; readonly amount: number } | undefined {
  if (turn.body !== 'more' || !isObject(turn.output) || !isObject(turn.output.decision)) return undefined;
  const { decision, data } = turn.output.decision;
  if (decision !== 'approved') return undefined;
  const { account, amount } = turn.item as { account: string; amount: number };
  const given = isObject(data) && typeof data.amount === 'number' ? data.amount : amount;
  return { account, amount: Math.round(given * NANOS) };
}
