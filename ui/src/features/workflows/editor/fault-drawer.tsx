/** What is wrong with the draft, and what it names that does not exist now, below the canvas; a click goes there. */
import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { LANGUAGES } from './draft.ts';
import type { PlacedFault } from './edit/fault-places.ts';
import type { TextLanguage } from './edit/read-text.ts';
import type { Checked } from './validation.ts';

interface FaultDrawerProps {
  /** Undefined: nobody has looked yet. */
  readonly checked: Checked | undefined;
  readonly go: (place: string) => void;
  /** The language of a text that cannot be read: nothing is known of what it says. */
  readonly unread: TextLanguage | undefined;
}

export function FaultDrawer({ checked, go, unread }: FaultDrawerProps) {
  const [isOpen, setOpen] = useState(false);
  const { faults, warnings } = checked ?? { faults: [], warnings: [] };
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
        {checked === undefined ? (
          'Not checked yet'
        ) : (
          <>
            <CircleCheck size={13} className="text-ok" /> Nothing is wrong
          </>
        )}
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
        className="flex h-8 w-full items-center gap-3 px-4 text-left text-xs hover:bg-hover"
      >
        {faults.length > 0 && (
          <span className="flex items-center gap-1.5 text-bad">
            <CircleAlert size={13} />
            {faults.length === 1 ? 'One thing to mend' : `${faults.length} things to mend`}
          </span>
        )}
        {warnings.length > 0 && (
          <span className="flex items-center gap-1.5 text-warn">
            <TriangleAlert size={13} />
            {warnings.length === 1 ? 'One thing to look at' : `${warnings.length} things to look at`}
          </span>
        )}
        <Chevron size={13} className="ml-auto text-muted" />
      </button>
      {isOpen && (
        <ul className="max-h-40 overflow-auto pb-2">
          {[...faults, ...warnings].map((fault, index) => (
            <Line key={index} fault={fault} go={go} />
          ))}
        </ul>
      )}
    </section>
  );
}

const Line = ({
  fault: { place, path, message },
  go,
}: { readonly fault: PlacedFault } & Pick<FaultDrawerProps, 'go'>) => (
  <li>
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
);
