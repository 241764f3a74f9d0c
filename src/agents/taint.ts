/** Whose words are in the context of a model. */
import type { Turn } from '../core/node-type.ts';
import { type Agent, isToolTurn, toolItem } from './turns.ts';

/** Untrusted content may stand in the context of the model now. */
export function isTainted(agent: Agent): boolean {
  if (agent.config.safety?.prompt !== 'trusted' || agent.context?.session?.untrusted) return true;
  if (agent.memo.messages?.some((message) => message.role !== 'assistant' && message.untrusted)) return true;
  return agent.turns.some((turn) => isToolTurn(turn) && turn.endedAt !== undefined && isOutsiders(agent, turn));
}

/** What came of the call is the word of outsiders; its failure too, for a tool may say what it likes of it. */
export const isOutsiders = (agent: Agent, turn: Turn): boolean => turn.body !== 'refused' && !isTrusted(agent, turn);

function isTrusted({ tools }: Agent, turn: Turn): boolean {
  return tools.find(({ name }) => name === toolItem(turn).tool)?.trusted === true;
}
