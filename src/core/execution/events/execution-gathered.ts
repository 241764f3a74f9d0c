import type { Apply, EventOf } from './event.ts';

/** Starts that came together go on as one execution: `$trigger` is what started all of them. */
export type ExecutionGathered = EventOf<'execution.gathered', { readonly triggers: readonly unknown[] }>;

export const apply: Apply<ExecutionGathered> = (state, { data }) => {
  state.trigger = { batch: data.triggers };
};
