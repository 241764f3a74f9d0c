/** A conversation that is longer than its model can read is made shorter, step by step, before the call. */

import type { Known } from '../core/node-type.ts';
import { MOST_CHARS_PER_TOKEN, messageSize, sizeOf } from '../core/request-size.ts';
import { askedOf } from './conversation.ts';
import type { Memo } from './memo.ts';
import { windowOf } from './messages.ts';
import { halved, summableBefore } from './summary.ts';
import { type Agent, agentOf, answerOf, isAnswer, isToolTurn, type ModelItem, modelItem, toolItem } from './turns.ts';

/** Until the model has said how many tokens it read: text has hardly fewer. */
const CHARS_PER_TOKEN = 3;
/** Of a result of the last round, where nobody knows how much room there is. */
const TIGHT_RESULT = 2_000;
const LEAST_RESULT = 500;

/** The item that the model can read, as far as anybody knows; it may be to sum up first. */
export function fitted(known: Known, item: ModelItem): ModelItem {
  let fit = item;
  while (isTooLong(known, fit)) {
    const next = smaller(known, fit);
    if (next === undefined) return fit;
    fit = next;
  }
  return fit;
}

/**
 * The next thing to leave out: old results of tools, then what was done before the last round, which is summed up where
 * `memory.summarize` allows that, then results of the last round and messages of the session. Undefined: nothing is left.
 */
export function smaller(known: Known, item: ModelItem): ModelItem | undefined {
  const agent = agentOf(known);
  if (item.purpose === 'summarize') return halved(agent, item);
  if (!item.trim) return { ...item, trim: true };
  const before = agent.config.memory?.summarize ? summableBefore(agent) : undefined;
  const { model, repair } = item;
  if (before !== undefined) return { purpose: 'summarize', model, before, ...(repair && { repair }) };
  return item.most === undefined ? { ...item, ...tight(known, agent, item) } : undefined;
}

function isTooLong(known: Known, item: ModelItem): boolean {
  const room = roomOf(known, item.model);
  return room !== undefined && sizeOfItem(known, item) > room;
}

const sizeOfItem = (known: Known, item: ModelItem): number => sizeOf(askedOf(known, item));

/** Characters that the model can read; undefined: nobody knows. */
function roomOf(known: Known, model: string): number | undefined {
  const memo = known.memo as Memo;
  const size = memo.windows?.[model];
  if (size === undefined) return undefined;
  // What it writes shares the window; a setting that leaves nothing to read is not meant so.
  const output = Math.min(memo.maxOutputTokens ?? size.output, size.window / 2);
  return (size.window - output) * charsPerToken(known, model);
}

/** As the last answer of the model has it. */
function charsPerToken(known: Known, model: string): number {
  const { turns } = known;
  const last = turns.findLastIndex((turn) => isAnswer(turn) && modelItem(turn).model === model);
  const tokens = last === -1 ? 0 : (answerOf(turns[last]!)?.usage.inputTokens ?? 0);
  if (tokens === 0) return CHARS_PER_TOKEN;
  const size = sizeOfItem({ ...known, turns: turns.slice(0, last) }, modelItem(turns[last]!));
  return Math.min(MOST_CHARS_PER_TOKEN, Math.max(1, size / tokens));
}

/** The results first, then as much of what was said before as there is room for, the newest first. */
function tight(known: Known, agent: Agent, item: ModelItem): Required<Pick<ModelItem, 'most' | 'window'>> {
  const room = roomOf(known, item.model);
  if (room === undefined) return { most: TIGHT_RESULT, window: 0 };
  const last = agent.turns.findLastIndex(isAnswer);
  const results = agent.turns.filter((turn) => isToolTurn(turn) && toolItem(turn).of === last).length;
  const free = room - sizeOfItem(known, { ...item, most: 0, window: 0 });
  const whole = sizeOfItem(known, { ...item, window: 0 }) - sizeOfItem(known, { ...item, most: 0, window: 0 });
  const most = Math.max(LEAST_RESULT, Math.floor(free / Math.max(1, results)) - MORE_WORDS);
  if (whole > free) return { most, window: 0 };
  return { most, window: newest(windowOf(agent, {}).map(messageSize), free - whole) };
}

/** `… (123 more characters)`. */
const MORE_WORDS = 40;

/** How many of the last there is room for. */
function newest(sizes: readonly number[], room: number): number {
  let left = room;
  const from = sizes.findLastIndex((size) => {
    left -= size;
    return left < 0;
  });
  return sizes.length - 1 - from;
}
