/** Begin and end of a session, and what it remembers. */
import { type Apply, bare, SUMMED_UP_TO } from '../state.ts';

export const started: Apply<'agent.session.started'> = (state, { at, data }) => {
  state.key = data.key;
  state.agent = data.agent;
  state.userId = data.userId;
  state.startedAt = at;
  state.metadata = data.metadata ?? null;
  state.context = bare(data.context);
};

export const contextUpdated: Apply<'session.context.updated'> = (state, { data }) => {
  const { updateType, key, newValue } = data;
  // What a model remembers hides nothing of what was said.
  if (updateType === 'memory' && key === SUMMED_UP_TO) return;
  if (updateType === 'summary') state.summary = newValue === null ? null : textual(newValue);
  else if (newValue === null) delete state.context[key];
  else state.context[key] = newValue;
};

const textual = (value: NonNullable<unknown>): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const ended: Apply<'agent.session.ended'> = (state, { at, data }) => {
  state.status = 'ended';
  state.endedAt = at;
  state.endReason = data.reason;
  state.summary = data.summary ?? state.summary;
};

/** What is known stays known, the summary of the end too. */
export const reopened: Apply<'agent.session.reopened'> = (state) => {
  state.status = 'active';
  state.endedAt = null;
  state.endReason = null;
};
