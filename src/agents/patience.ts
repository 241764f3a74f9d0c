/** What an agent waits for: a model that asks to be left alone only where no other follows, and nothing past its time. */
import { parseDuration } from '../core/duration.ts';
import { type ErrorInfo, MyelinError } from '../core/errors.ts';
import type { Choice, FailedAttempt, Known } from '../core/node-type.ts';
import { askedDelay } from '../core/retry.ts';
import { type Agent, agentOf, isModelTurn, type ModelItem, modelItem } from './turns.ts';

/** The model to ask where this one fails; undefined: it is the last, or none of those that it names. */
export function modelAfter({ memo }: Agent, { model }: ModelItem): string | undefined {
  const at = memo.models.indexOf(model);
  return at === -1 ? undefined : memo.models[at + 1];
}

export function giveUp(known: Known, choice: Choice, { error, until }: FailedAttempt): ErrorInfo | undefined {
  const agent = agentOf(known);
  const isModel = isModelTurn(choice);
  if (isModel && isLeftAlone(error) && modelAfter(agent, modelItem(choice)) !== undefined) return error;
  const { time } = agent.config.limits ?? {};
  if (time === undefined || until < agent.memo.startedAt + parseDuration(time)) return undefined;
  // What a tool came to is told to the model, which is asked as long as there is time.
  if (!isModel) return error;
  const message = `The agent takes ${time} (limits.time), which leaves no time for another attempt; the last error: ${error.message}`;
  return new MyelinError('limit_exceeded', message, { last: error }).toInfo();
}

/** Its circuit is open, or it said when to come again. */
const isLeftAlone = (error: ErrorInfo): boolean => error.code === 'circuit_open' || askedDelay(error) > 0;
