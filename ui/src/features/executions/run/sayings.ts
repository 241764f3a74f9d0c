/** What models say in an execution, as they say it: texts by the address of the node that asks. */
import type { StreamEventAnswer } from '../../../../../src/contract/executions.ts';

interface Saying {
  readonly text: string;
  readonly attempt: number;
  readonly model: string | null;
  readonly isOver: boolean;
}
export type Sayings = ReadonlyMap<string, Saying>;

/** Each event once and in order; an offset says what is known already. */
export function heard(sayings: Sayings, event: StreamEventAnswer): Sayings {
  if (event.type === 'end') return sayings;
  const { path, attempt } = event;
  const before = sayings.get(path) ?? { text: '', attempt, model: null, isOver: false };
  return new Map(sayings).set(path, { ...before, attempt, ...changeOf(before, event) });
}

function changeOf({ text }: Saying, event: Exclude<StreamEventAnswer, { type: 'end' }>): Partial<Saying> {
  if (event.type === 'reset') return { text: '', isOver: false };
  if (event.type === 'token') return { text: text.slice(0, event.offset) + event.text };
  return { isOver: event.state !== 'started', ...(event.model !== undefined && { model: event.model }) };
}
