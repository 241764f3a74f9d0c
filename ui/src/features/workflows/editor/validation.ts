/** What the server says of the draft, a moment after each change. Nothing waits for it. */
import { useEffect, useState } from 'react';
import { call } from '../../../api/call.ts';
import type { Definition } from '../../../graph/document.ts';
import type { Mark } from '../../../graph/marks.ts';
import { type PlacedFault, placeFaults } from './edit/fault-places.ts';

const REST_MS = 350;

export interface Findings {
  readonly faults: readonly PlacedFault[];
  /** It can be saved and run; something is hardly as it was meant. */
  readonly warnings: readonly PlacedFault[];
}

const NOTHING: Findings = { faults: [], warnings: [] };

export function useValidation(definition: Definition): Findings {
  const [found, setFound] = useState(NOTHING);
  useEffect(() => {
    const aborter = new AbortController();
    const timer = setTimeout(() => {
      call('validateWorkflow', { body: definition, signal: aborter.signal })
        .then(({ errors, warnings }) =>
          setFound({ faults: placeFaults(definition, errors), warnings: placeFaults(definition, warnings) }),
        )
        // Saving says what is wrong with the line; until then the faults that are known stay.
        .catch(() => undefined);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [definition]);
  return found;
}

/** Faults as marks on their nodes. While a workflow is put together most nodes are not joined yet: that is no alarm. */
export function faultMarks(faults: readonly PlacedFault[], isNew: boolean): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const { place, path, message } of faults) {
    if (place === undefined) continue;
    const line = path === '' ? message : `${path}: ${message}`;
    const { hint: before, tone: known } = marks.get(place) ?? {};
    const tone = known !== 'bad' && isNew && message.startsWith('unreachable') ? 'warn' : 'bad';
    marks.set(place, { tone, hint: before === undefined ? line : `${before}\n${line}` });
  }
  return marks;
}
