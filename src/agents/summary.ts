/** What is summed up by a model: what fell out of the window of a session, or what an agent has done so far. */
import { type Message, textOf } from '../core/conversation.ts';
import type { Turn } from '../core/node-type.ts';
import { heardOf, resultText, shownText } from './shown.ts';
import {
  type Agent,
  type Answer,
  answerOf,
  isAnswer,
  isModelTurn,
  isToolTurn,
  type ModelItem,
  modelItem,
  toolItem,
} from './turns.ts';

/** Fewer characters are not worth a summary. */
const LEAST_ROOM = 1_000;
/** Of one result of a tool, in what is summed up. */
const MOST_LINE = 4_000;

const SYSTEM =
  'You sum up conversations, in at most 300 words. Keep names, numbers, decisions, promises and open questions; leave out the rest.';

/** What a model is asked that sums up. */
export function summaryRequest(
  agent: Agent,
  item: ModelItem,
): { readonly system: string; readonly messages: readonly Message[] } {
  const text = item.before === undefined ? sessionPart(agent, item).text : loopText(agent, item);
  return { system: SYSTEM, messages: [{ role: 'user', content: text, untrusted: true }] };
}

/** The summary of what was said before; of the session, unless the model has just made another. */
export function sessionSummary({ turns, context }: Agent): string | null {
  const made = turns.findLast((turn) => isSummary(turn) && modelItem(turn).before === undefined);
  return (made && answerOf(made)?.text) ?? context?.session?.summary ?? null;
}

/** The summary of the turns before a number, which are shown no more. */
export function loopSummary({ turns }: Agent): { readonly before: number; readonly text: string } | undefined {
  const made = turns.findLast((turn) => isSummary(turn) && modelItem(turn).before !== undefined);
  return made && { before: modelItem(made).before!, text: answerOf(made)!.text };
}

const isSummary = (turn: Turn): boolean => wasToSumUp(turn) && hasWords(answerOf(turn));
const wasToSumUp = (turn: Turn): boolean => isModelTurn(turn) && modelItem(turn).purpose === 'summarize';

/** A filter may leave nothing of a summary: what it was to hold is kept. */
export const hasWords = (answer: Answer | undefined): boolean => answer !== undefined && answer.text.trim() !== '';

/** Place in the session of the last message that a summary holds. */
export function summedUpTo(agent: Agent, item: ModelItem): number {
  const session = agent.context?.session;
  const { count } = sessionPart(agent, item);
  return session?.overflowAt?.[count - 1] ?? session?.overflowTo ?? 0;
}

/** The turns before the last round of calls may be summed up; undefined: there are none, or it was tried. */
export function summableBefore(agent: Agent): number | undefined {
  const { turns } = agent;
  const before = turns.findLastIndex(isAnswer);
  const from = loopSummary(agent)?.before ?? 0;
  const isNew = turns.some((turn, index) => index >= from && index < before && isAnswer(turn));
  const wasTried = turns.some((turn) => wasToSumUp(turn) && modelItem(turn).before === before);
  return isNew && !wasTried ? before : undefined;
}

/** With half of what was too long for the model; undefined: that is not worth it. */
export function halved(agent: Agent, item: ModelItem): ModelItem | undefined {
  const { messages } = summaryRequest(agent, item);
  const room = Math.floor(Math.min(item.room ?? Number.POSITIVE_INFINITY, textOf(messages[0]!.content).length) / 2);
  return room < LEAST_ROOM ? undefined : { ...item, room };
}

/** The oldest messages that there is room for; at least one, cut where it must be. The rest comes the next time. */
function sessionPart(agent: Agent, { room = Number.POSITIVE_INFINITY }: ModelItem): { text: string; count: number } {
  const session = agent.context?.session;
  const lines: string[] = [];
  let left = room;
  for (const message of heardOf(agent, session?.overflow)) {
    const line = `${message.role}: ${textOf(message.content)}`;
    if (line.length > left && lines.length > 0) break;
    lines.push(line.length > left ? `${line.slice(0, left)}…` : line);
    left -= line.length;
  }
  const text = asked(session?.summary ? shownText(agent, session.summary) : null, lines);
  return { text, count: lines.length };
}

function loopText(agent: Agent, { before = 0, room = Number.POSITIVE_INFINITY }: ModelItem): string {
  const summed = loopSummary(agent);
  const turns = agent.turns.slice(summed?.before ?? 0, before);
  const lines = turns.flatMap((turn) => (isToolTurn(turn) || isAnswer(turn) ? [lineOf(agent, turn)] : []));
  const most = Math.min(MOST_LINE, Math.max(100, Math.floor(room / lines.length)));
  const cut = lines.map((line) => (line.length > most ? `${line.slice(0, most)}…` : line));
  return asked(summed?.text ?? null, cut);
}

function lineOf(agent: Agent, turn: Turn): string {
  if (!isToolTurn(turn)) return `assistant: ${answerOf(turn)?.text ?? ''}`;
  const { tool, arguments: given } = toolItem(turn);
  return `${tool}(${JSON.stringify(given)}): ${resultText(agent, turn)}`;
}

const asked = (before: string | null, lines: readonly string[]): string =>
  `${before === null ? '' : `Summed up so far:\n${before}\n\n`}${lines.join('\n')}`;
