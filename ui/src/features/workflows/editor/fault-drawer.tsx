/** What is wrong with the draft, below the canvas; a click goes there. */

import clsx from 'clsx';
import { ChevronDown, ChevronUp, CircleAlert, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { LANGUAGES } from './draft.ts';
import type { PlacedFault } from './edit/fault-places.ts';
import type { TextLanguage } from './edit/read-text.ts';

interface FaultDrawerProps {
  readonly faults: readonly PlacedFault[];
  readonly warnings: readonly PlacedFault[];
  readonly go: (place: string) => void;
  /** The language of a text that cannot be read: nothing is known of what it says. */
  readonly unread: TextLanguage | undefined;
}

export function FaultDrawer({ faults, warnings, go, unread }: FaultDrawerProps) {
  const [isOpen, setOpen] = useState(false);
  if (unread !== undefined) {
    return (
      <p className="flex h-8 shrink-0 items-center gap-1.5 border-line border-t bg-panel px-4 text-bad text-xs">
        <CircleAlert size={13} /> The {LANGUAGES[unread]} cannot be read yet
      </p>
    );
  }
  if (faults.length + warnings.length === 0) {
    return (
      <p className="flex h-8 shrink-0 items-center gap-1.5 border-line border-t bg-panel px-4 text-muted text-xs">
        <CircleCheck size={13} className="text-ok" /> Nothing is wrong
      </p>
    );
  }
  const Chevron = isOpen ? ChevronDown : ChevronUp;
  return (
    <section aria-label="Faults" className="shrink-0 border-line border-t bg-panel">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className={clsx(
          'flex h-8 w-full items-center gap-1.5 px-4 text-left text-xs hover:bg-hover',
          faults.length > 0 ? 'text-bad' : 'text-warn',
        )}
      >
        <CircleAlert size={13} />
        {words(faults.length, warnings.length)}
        <Chevron size={13} className="ml-auto text-muted" />
      </button>
      {isOpen && (
        <ul className="max-h-40 overflow-auto pb-2">
          {[...faults, ...warnings].map(({ place, path, message }, index) => (
            <li key={index}>
              <button
                type="button"
                disabled={place === undefined}
                onClick={() => place !== undefined && go(place)}
                className="flex w-full gap-2 px-4 py-1 text-left text-xs enabled:hover:bg-hover"
              >
                <span className="shrink-0 font-medium">{place ?? 'workflow'}</span>
                {path && <code className="shrink-0 font-mono text-faint">{path}</code>}
                <span className="text-muted">{message}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function words(faults: number, warnings: number): string {
  const mend = faults === 1 ? 'One thing to mend' : `${faults} things to mend`;
  const look = warnings === 1 ? 'one thing to look at' : `${warnings} things to look at`;
  if (warnings === 0) return mend;
  return faults === 0 ? `Nothing is wrong, ${look}` : `${mend}, ${look}`;
}
