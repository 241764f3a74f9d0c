/** What a drawing says about nodes besides the document: how they are doing, what is wrong, what has changed. */
import { createContext, use } from 'react';
import type { Tone } from '../components/tone.ts';

export interface Mark {
  /** Colors the edge of the card. */
  readonly tone?: Tone;
  /** Something is under way here. */
  readonly isMoving?: boolean;
  /** A short word on the card, such as `3/10` or `attempt 2`. */
  readonly note?: string;
  /** Shown when the pointer rests on it. */
  readonly hint?: string;
  /** The execution did not come by. */
  readonly isFaint?: boolean;
}

export type Marks = ReadonlyMap<string, Mark>;

const NONE: Marks = new Map();
const MarksContext = createContext<Marks>(NONE);

export const MarksProvider = MarksContext.Provider;
export const useMark = (place: string): Mark | undefined => use(MarksContext).get(place);
