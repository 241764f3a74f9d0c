/** What an execution waits for, in words. */
import type { Execution } from '../../../../../src/contract/executions.ts';
import { isObject } from '../../../../../src/core/json.ts';

export type Wait = Execution['waitingFor'][number];

/** A sentence without its end, which is a countdown, a link or a button. */
export function waitWords(wait: Wait): string {
  switch (wait.reason) {
    case 'timer':
      return 'sleeps until its time has come';
    case 'retry':
      return 'failed and is tried again';
    case 'child':
      return 'waits for the execution that it started';
    case 'approval':
      return 'waits for a decision';
    case 'callback':
      return 'waits for a call of its callback address';
    case 'event':
      return `waits for a message of type ${messageType(wait.details)}`;
    case 'paused':
      return 'Somebody paused it: what is at work goes on to its end, and nothing new starts';
    case 'capacity':
      return `Waits for a place: ${laneWords(wait.lane)}`;
    case 'gather':
      return 'Gathers more starts, to run once for all of them';
  }
}

/** Of the lane named: who is before it. */
export function aheadWords(ahead: number | undefined): string {
  if (ahead === undefined) return '';
  if (ahead === 0) return 'it is the next';
  return ahead >= 1_000 ? '1,000 or more are ahead' : `${ahead} ${ahead === 1 ? 'is' : 'are'} ahead`;
}

const laneWords = (lane: string | undefined): string =>
  lane === undefined ? 'as many run as may run at once' : `the limit of ${lane} is reached`;

const messageType = (details: unknown): string =>
  isObject(details) && typeof details.type === 'string' ? details.type : 'any';

/** What an approval asks. */
export const titleOf = (details: unknown): string | null =>
  isObject(details) && typeof details.title === 'string' ? details.title : null;

/** Whom an approval asks; null: anybody. */
export function assigneesOf(details: unknown): readonly string[] | null {
  if (!isObject(details) || !Array.isArray(details.assignees)) return null;
  return details.assignees.map(String);
}

/** What has to be true of the message. */
export function conditionOf(details: unknown): string | null {
  if (!isObject(details) || !isObject(details.match)) return null;
  const { condition } = details.match;
  return typeof condition === 'string' ? condition : null;
}

/** `4:05`, `1:04:05`, `2 d 1:04:05`; what is over is `0:00`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${hours > 0 || days > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
  return days > 0 ? `${days} d ${rest}` : rest;
}
