/** The messages that a model is shown: what the session has heard, the prompt, and the turns of the loop. */
import type { Message, ToolCall } from '../core/conversation.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { canonical } from '../core/json-schema/place.ts';
import type { Turn } from '../core/node-type.ts';
import { handedOver } from './handoff.ts';
import { MOST_MESSAGES } from './memo.ts';
import { heardOf, resultText, shownText } from './shown.ts';
import { loopSummary, sessionSummary } from './summary.ts';
import { isOutsiders, isTainted } from './taint.ts';
import {
  type Agent,
  answerOf,
  approvalOf,
  hasPrompt,
  isAnswer,
  isModelTurn,
  isToolTurn,
  type ModelItem,
  modelItem,
  promptOf,
  toolItem,
  withAttachments,
} from './turns.ts';

/** Characters of one result that the model sees, unless `limits.result` says otherwise. */
const MOST_RESULT = 50_000;
/** Of old results, where the conversation has grown too long. */
const SHORT_RESULT = 500;
/** Of arguments that a person changed. */
const MOST_EDITED = 500;
/** Of a result that is handed over to another agent. */
const HANDED_RESULT = 4_000;

export function messagesOf(agent: Agent, item: ModelItem): Message[] {
  const { turns, config } = agent;
  const untrusted = config.safety?.prompt !== 'trusted';
  const messages: Message[] = [...windowOf(agent, item)];
  if (hasPrompt(agent)) {
    const content = withAttachments(agent, shownText(agent, promptOf(agent)));
    messages.push({ role: 'user', content, ...(untrusted && { untrusted }) });
  }
  const results = resultsOf(agent);
  const from = loopSummary(agent)?.before ?? 0;
  const last = turns.findLastIndex(isAnswer);
  const most = config.limits?.result ?? MOST_RESULT;
  for (const [index, turn] of turns.entries()) {
    if (index < from || !isModelTurn(turn) || modelItem(turn).purpose !== 'answer') continue;
    if (index > from) addRepair(messages, modelItem(turn));
    const answer = answerOf(turn);
    if (answer === undefined) continue;
    const { text, toolCalls } = answer;
    messages.push({ role: 'assistant', content: text, ...(toolCalls.length > 0 && { toolCalls: [...toolCalls] }) });
    const room = Math.min(most, index === last ? (item.most ?? most) : item.trim ? SHORT_RESULT : most);
    for (const call of toolCalls) messages.push(resultOf(agent, results.get(`${index} ${call.id}`), call, room));
  }
  addRepair(messages, item);
  return messages;
}

/** How many messages the model is shown, without making them. */
export function countMessages(agent: Agent, item: ModelItem): number {
  const from = loopSummary(agent)?.before ?? 0;
  const answers = agent.turns.slice(from).filter((turn) => isModelTurn(turn) && modelItem(turn).purpose === 'answer');
  const said = answers.map((turn) => (answerOf(turn) === undefined ? 0 : 1 + (answerOf(turn)?.toolCalls.length ?? 0)));
  const repairs = answers.filter((turn) => modelItem(turn).repair !== undefined).length;
  return windowOf(agent, item).length + (hasPrompt(agent) ? 1 : 0) + repairs + said.reduce((sum, one) => sum + one, 0);
}

/**
 * All that was said before a turn of the model, for another agent that takes over: summaries, what the session or yet
 * another agent has heard, the prompt with what is attached, and the rounds of the loop with their results, shortened.
 */
export function conversationOf(agent: Agent, before: number): readonly Message[] {
  const earlier = { ...agent, turns: agent.turns.slice(0, before) };
  const summed = [sessionSummary(earlier), loopSummary(earlier)?.text].flatMap((text): Message[] =>
    text ? [{ role: 'user', content: `Summed up: ${text}`, ...(isTainted(earlier) && { untrusted: true }) }] : [],
  );
  const messages = messagesOf(earlier, { purpose: 'answer', model: '' }).map((message) =>
    message.role === 'tool' ? { ...message, content: cut(message.content, HANDED_RESULT) } : message,
  );
  const words = answerOf(agent.turns[before]!)?.text;
  const last: Message[] = words ? [{ role: 'assistant', content: words }] : [];
  return [...summed, ...[...messages, ...last].slice(summed.length - MOST_MESSAGES)];
}

/** What was said before, the oldest first: to another agent, or in the session. */
export function windowOf(agent: Agent, { window }: Pick<ModelItem, 'window'>): readonly Message[] {
  const heard = heardOf(agent, handedOver(agent) ?? agent.context?.session?.window);
  return window === undefined ? heard : heard.slice(heard.length - window);
}

function addRepair(messages: Message[], { repair }: ModelItem): void {
  const last = messages.at(-1);
  // The one that failed was not shown; what was asked of it is asked once.
  if (repair === undefined || (last?.role === 'user' && last.content === repair)) return;
  messages.push({ role: 'user', content: repair });
}

function resultOf(agent: Agent, turn: Turn | undefined, call: ToolCall, most: number): Message {
  const base = { role: 'tool', callId: call.id, name: call.name } as const;
  if (turn === undefined) return { ...base, content: 'This call was not made: too many at once.', isError: true };
  const untrusted = isOutsiders(agent, turn);
  const content = `${editsIn(turn, most)}${cut(resultText(agent, turn), most)}`;
  return { ...base, content, ...(turn.error && { isError: true }), ...(untrusted && { untrusted }) };
}

/** The model must not take what it wanted for what was done. */
function editsIn(turn: Turn, most: number): string {
  const approval = approvalOf(turn);
  if (!approval?.isChanged) return '';
  const { arguments: asked } = toolItem(turn);
  const { arguments: sent } = approval;
  const names = isObject(asked) && isObject(sent) ? Object.keys({ ...asked, ...sent }) : [];
  const changed = names.filter(
    (name) => canonical((asked as JsonObject)[name]) !== canonical((sent as JsonObject)[name]),
  );
  const what = changed.length === 0 ? 'the arguments' : `these arguments: ${changed.join(', ')}`;
  return `A person changed ${what}. The call was made with ${cut(JSON.stringify(sent), Math.min(most, MOST_EDITED))}, not as you wanted it. It answered:\n`;
}

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;

/** By the turn of the model that wanted them, and the id of the call. */
function resultsOf({ turns }: Agent): ReadonlyMap<string, Turn> {
  return new Map(turns.filter(isToolTurn).map((turn) => [`${toolItem(turn).of} ${toolItem(turn).callId}`, turn]));
}
