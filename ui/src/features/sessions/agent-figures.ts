/** What agents did over several days, reckoned from the figures of each day. */
import type { AgentPerformance } from '../../../../src/contract/sessions.ts';

export type Figures = Omit<AgentPerformance, 'day'>;

/** One for each agent, what costs most first. */
export function byAgent(days: readonly AgentPerformance[]): Figures[] {
  const sums = new Map<string, Figures>();
  for (const { day: _, ...figures } of days) {
    const sum = sums.get(figures.agent);
    sums.set(figures.agent, sum === undefined ? figures : plus(sum, figures));
  }
  return [...sums.values()].sort((a, b) => b.cost - a.cost || (a.agent < b.agent ? -1 : 1));
}

function plus(a: Figures, b: Figures): Figures {
  const modelCalls = a.modelCalls + b.modelCalls;
  // An average of averages would give a day of one call the weight of a day of a thousand.
  const latencyMs = (a.averageLatencyMs ?? 0) * a.modelCalls + (b.averageLatencyMs ?? 0) * b.modelCalls;
  return {
    agent: a.agent,
    sessions: a.sessions + b.sessions,
    messages: a.messages + b.messages,
    responses: a.responses + b.responses,
    modelCalls,
    failedModelCalls: a.failedModelCalls + b.failedModelCalls,
    toolCalls: a.toolCalls + b.toolCalls,
    failedToolCalls: a.failedToolCalls + b.failedToolCalls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cost: a.cost + b.cost,
    averageLatencyMs: modelCalls === 0 ? null : latencyMs / modelCalls,
  };
}
