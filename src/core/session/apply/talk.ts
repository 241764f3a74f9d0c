/** What people and the agent say, and what was made of it. */
import type { Apply } from '../state.ts';

export const userMessage: Apply<'user.message.received'> = (state, { at, data }) => {
  const { messageId: id, content, untrusted } = data;
  state.messages.push({ role: 'user', seq: state.seq, at, id, content, ...(untrusted === true && { untrusted }) });
  state.counters.messages += 1;
};

export const response: Apply<'agent.response.generated'> = (state, { at, data, by }) => {
  const { responseId: id, content } = data;
  state.messages.push({ role: 'agent', seq: state.seq, at, id, content, ...(by !== undefined && { by }) });
  state.counters.messages += 1;
};

export const intentClassified: Apply<'intent.classified'> = (state, { data }) => {
  state.intent = { intent: data.intent, confidence: data.confidence, entities: data.entities ?? null };
};

/** A thought changes nothing; it can be read in the events and the timeline. */
export const chainStep: Apply<'chain.step'> = () => undefined;
