/** What a session hears of an agent's turns. */
import { isObject, type Json } from '../core/json.ts';
import type { Known, News, Turn } from '../core/node-type.ts';
import type { SessionEvent } from '../core/session/events.ts';
import { SUMMED_UP_TO } from '../core/session/state.ts';
import { factOf } from './conversation.ts';
import { countMessages } from './messages.ts';
import { hasWords, summedUpTo } from './summary.ts';
import {
  type Agent,
  agentOf,
  answerOf,
  approvalOf,
  hasPrompt,
  isAsked,
  isModelTurn,
  isToolTurn,
  modelItem,
  promptOf,
  toolItem,
  withAttachments,
} from './turns.ts';

export function recordTurns(known: Known, news: News): readonly SessionEvent[] {
  const at = known.now;
  switch (news.is) {
    case 'opened':
      // A prompt of the project is known when the context has been read.
      return isObject(agentOf(known).memo.prompt) ? [] : said(known, at);
    case 'began':
      return began(known, news.index, at);
    case 'heard':
      return isToolTurn(known.turns[news.index]!) ? invoked(known, news.index, at) : [];
    case 'ended':
      return ended(known, known.turns[news.index]!, news.index, at);
    case 'completed':
      return [responded(known, news.output, at)];
    case 'failed':
      return [];
  }
}

/** Nothing where it only goes on with what another agent was told. */
function said(known: Known, at: number): SessionEvent[] {
  const agent = agentOf(known);
  if (!hasPrompt(agent)) return [];
  const content = withAttachments(agent, promptOf(agent));
  const untrusted = agent.config.safety?.prompt !== 'trusted';
  const data = { messageId: idOf(known, 'prompt'), content, ...(untrusted && { untrusted }) };
  return [{ type: 'user.message.received', at, data }];
}

function began(known: Known, index: number, at: number): SessionEvent[] {
  const turn = known.turns[index]!;
  if (isModelTurn(turn)) {
    const item = modelItem(turn);
    const { model, purpose } = item;
    const agent: Agent = { ...agentOf(known), turns: known.turns.slice(0, index) };
    const messages = purpose === 'answer' ? countMessages(agent, item) : 1;
    return [{ type: 'llm.requested', at, data: { requestId: idOf(known, index), model, messages } }];
  }
  return isToolTurn(turn) && !isAsked(turn) ? invoked(known, index, at) : [];
}

/** With the arguments it was called with; a call that a person has to agree to is made, or not, when they have decided. */
function invoked(known: Known, index: number, at: number): SessionEvent[] {
  const turn = known.turns[index]!;
  const { tool, arguments: asked } = toolItem(turn);
  const { arguments: sent = asked, by, isChanged } = approvalOf(turn) ?? {};
  const person = { ...(by !== undefined && { approvedBy: by }), ...(isChanged && { requested: asked }) };
  const data = { invocationId: idOf(known, index), tool, arguments: sent, ...person };
  return [{ type: 'tool.invoked', at, data }];
}

function ended(known: Known, turn: Turn, index: number, at: number): SessionEvent[] {
  if (isModelTurn(turn)) return answered(known, turn, index, at);
  if (isToolTurn(turn)) return called(known, turn, index, at);
  const isFirst = known.turns.findIndex((one) => one.body === 'context' && one.error === undefined) === index;
  return isFirst && turn.endedAt !== undefined && isObject(agentOf(known).memo.prompt) ? said(known, at) : [];
}

function answered(known: Known, turn: Turn, index: number, at: number): SessionEvent[] {
  const { model, purpose, before } = modelItem(turn);
  const requestId = idOf(known, index);
  const answer = answerOf(turn);
  if (answer === undefined) {
    const latencyMs = at - turn.startedAt;
    return [
      { type: 'llm.responded', at, data: { requestId, model, latencyMs, ...(turn.error && { error: turn.error }) } },
    ];
  }
  const { text, toolCalls, usage, cost, currency, latencyMs, finish, reasoning } = answer;
  const calls = toolCalls.length > 0 ? { toolCalls } : {};
  const data = { requestId, model: answer.model, text, ...calls, usage, cost, currency, latencyMs, finish };
  const events: SessionEvent[] = [{ type: 'llm.responded', at, data }];
  if (reasoning) events.push({ type: 'chain.step', at, data: { step: index, thought: reasoning } });
  if (purpose === 'summarize' && before === undefined && hasWords(answer))
    events.push(...summedUp(known, turn, text, at));
  return events;
}

function summedUp(known: Known, turn: Turn, text: string, at: number): SessionEvent[] {
  const upTo = summedUpTo(agentOf(known), modelItem(turn));
  const summary = { updateType: 'summary', key: 'summary', newValue: text } as const;
  const state = { updateType: 'state', key: SUMMED_UP_TO, newValue: upTo } as const;
  return [summary, state].map((data) => ({ type: 'session.context.updated', at, data }));
}

function called(known: Known, turn: Turn, index: number, at: number): SessionEvent[] {
  const { tool } = toolItem(turn);
  const end =
    turn.error === undefined ? { success: true, output: turn.output as Json } : { success: false, error: turn.error };
  const data = { invocationId: idOf(known, index), tool, ...end, durationMs: at - (turn.heard?.at ?? turn.startedAt) };
  // Its question was never put.
  const before = isAsked(turn) && turn.heard === undefined ? invoked(known, index, at) : [];
  const events: SessionEvent[] = [...before, { type: 'tool.completed', at, data }];
  const fact = factOf(turn);
  if (fact === undefined) return events;
  const { key, value } = fact;
  return [...events, { type: 'session.context.updated', at, data: { updateType: 'memory', key, newValue: value } }];
}

function responded(known: Known, output: unknown, at: number): SessionEvent {
  const isText = agentOf(known).config.output === undefined && typeof (output as { text?: unknown })?.text === 'string';
  const content = isText ? (output as { text: string }).text : (output as Json);
  const data = { responseId: idOf(known, 'response'), content, contentType: isText ? 'text' : 'structured' } as const;
  return { type: 'agent.response.generated', at, data };
}

/** The same wherever it is asked, and no other of the session has it. */
function idOf({ executionId, path, memo }: Known, part: string | number): string {
  return `${executionId}/${path}/${part}@${(memo as { readonly startedAt: number }).startedAt}`;
}
