/** What node types need from outside, where nothing is to be run: for programs that only look at definitions. */
import type { NodeNeeds } from './registry.ts';

const notRunning = (): never => {
  throw new Error('not running');
};
const absent = async (): Promise<never> => notRunning();

export const ABSENT: NodeNeeds = {
  egress: { request: absent },
  sandbox: { run: absent, stop: async () => undefined },
  models: { generate: absent, retrieve: absent, card: notRunning, list: () => [] },
  tools: { list: absent, call: absent, sources: () => [], stop: async () => undefined },
  tokens: { open: () => ({ write: () => undefined, close: () => undefined }) },
  store: {
    ledger: { note: absent, noted: absent },
    sessions: { get: absent, snapshot: absent, events: absent, recall: absent },
    prompts: { get: absent },
  },
  runtime: { now: notRunning },
};
