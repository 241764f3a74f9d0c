/** What the server says of the draft, a moment after each change. Nothing waits for it. */
import { useEffect, useState } from 'react';
import { call } from '../../../api/call.ts';
import type { Tone } from '../../../components/tone.ts';
import type { Definition } from '../../../graph/document.ts';
import type { Mark } from '../../../graph/marks.ts';
import { type PlacedFault, placeFaults } from './edit/fault-places.ts';

const REST_MS = 350;

export interface Checked {
  readonly faults: readonly PlacedFault[];
  /** What it names and what does not exist now; it can be saved all the same. */
  readonly warnings: readonly PlacedFault[];
}

/** Undefined: the server has not said anything yet. */
export function useValidation(definition: Definition): Checked | undefined {
  const [checked, setChecked] = useState<Checked>();
  useEffect(() => {
    const aborter = new AbortController();
    const timer = setTimeout(() => {
      call('validateWorkflow', { body: definition, signal: aborter.signal })
        .then(({ errors, warnings }) =>
          setChecked({ faults: placeFaults(definition, errors), warnings: placeFaults(definition, warnings) }),
        )
        // Saving says what is wrong with the line; until then the faults that are known stay.
        .catch(() => undefined);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [definition]);
  return checked;
}

/**
 * As marks on their nodes; a fault counts more than a warning. While a new workflow is put together most nodes are not
 * joined yet: that is no alarm.
 */
export function checkMarks({ faults, warnings }: Checked, isNew: boolean): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  const put = (found: readonly PlacedFault[], tone: Tone) => {
    for (const { place, path, message } of found) {
      if (place === undefined) continue;
      const line = path === '' ? message : `${path}: ${message}`;
      const before = marks.get(place)?.hint;
      marks.set(place, { tone, hint: before === undefined ? line : `${before}\n${line}` });
    }
  };
  put(warnings, 'warn');
  const isEarly = ({ message }: PlacedFault) => isNew && message.startsWith('unreachable');
  put(faults.filter(isEarly), 'warn');
  put(
    faults.filter((fault) => !isEarly(fault)),
    'bad',
  );
  return marks;
}
