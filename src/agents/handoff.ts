/** A conversation that another agent has begun, as the one that takes over is shown it. */
import type { Message } from '../core/conversation.ts';
import type { Agent } from './turns.ts';

/** Of an agent's memo: the same messages come out each time, and a long loop asks for them many times. */
const TOLD = new WeakMap<readonly Message[], readonly Message[]>();

/**
 * What the tools of the other one answered is told in words: providers take answers of tools only beside the calls of
 * tools that are there. Undefined: nothing was handed over.
 */
export function handedOver({ memo, config }: Agent): readonly Message[] | undefined {
  const { messages } = memo;
  if (!messages) return undefined;
  const known = TOLD.get(messages);
  if (known !== undefined) return known;
  const isTrusted = config.safety?.prompt === 'trusted';
  const told = messages.flatMap((message, index) => inWords(messages.slice(0, index), message, isTrusted));
  TOLD.set(messages, told);
  return told;
}

/** Whoever says that a prompt may come from outsiders says so of all that is not the word of an agent. */
function inWords(before: readonly Message[], message: Message, isTrusted: boolean): Message[] {
  if (message.role === 'assistant')
    return message.content === '' ? [] : [{ role: 'assistant', content: message.content }];
  const untrusted = !isTrusted || message.untrusted === true ? { untrusted: true } : {};
  if (message.role === 'user') return [{ role: 'user', content: message.content, ...untrusted }];
  const { callId, name, content, isError } = message;
  const calls = before.flatMap((one) => (one.role === 'assistant' ? (one.toolCalls ?? []) : []));
  const given = calls.findLast(({ id }) => id === callId)?.arguments;
  const call = `${name}(${given === undefined ? '' : JSON.stringify(given)})`;
  return [{ role: 'user', content: `${call} ${isError ? 'failed' : 'answered'}: ${content}`, ...untrusted }];
}
