/** Calls of models and tools. One that comes back without having been asked for counts all the same. */
import type { Apply } from '../state.ts';

export const modelRequested: Apply<'llm.requested'> = (state, { at, data }) => {
  state.openModelCalls[data.requestId] = { model: data.model, at };
};

export const modelResponded: Apply<'llm.responded'> = (state, { data }) => {
  const { counters } = state;
  delete state.openModelCalls[data.requestId];
  counters.modelCalls += 1;
  if (data.error !== undefined) counters.failedModelCalls += 1;
  counters.inputTokens += data.usage?.inputTokens ?? 0;
  counters.outputTokens += data.usage?.outputTokens ?? 0;
  counters.cost += data.cost ?? 0;
};

export const toolInvoked: Apply<'tool.invoked'> = (state, { at, data }) => {
  state.openToolCalls[data.invocationId] = { tool: data.tool, at };
};

export const toolCompleted: Apply<'tool.completed'> = (state, { data }) => {
  delete state.openToolCalls[data.invocationId];
  state.counters.toolCalls += 1;
  if (!data.success) state.counters.failedToolCalls += 1;
};
