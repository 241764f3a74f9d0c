/** A field that is no input of the browser: its name, a switch beside it, and below it what is to be said. */
import type { ReactNode } from 'react';
import { Hint } from '../../../components/schema/hint.tsx';

interface LabeledProps {
  readonly id: string;
  readonly label: string;
  readonly required?: boolean;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Labeled({ id, label, required = false, hint, fault, aside, children }: LabeledProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="field-head flex min-h-5 items-center gap-2">
        <span className="schema-label font-medium text-muted text-xs">{label}</span>
        {required && <span className="schema-label text-2xs text-faint">required</span>}
        {aside && <span className="ml-auto">{aside}</span>}
      </div>
      {children}
      <div id={id} className={`text-xs empty:hidden ${fault ? 'text-bad' : 'text-faint'}`}>
        {fault ?? <Hint text={hint} />}
      </div>
    </div>
  );
}

interface SwitchProps<Mode extends string> {
  readonly label: string;
  readonly modes: readonly { readonly id: Mode; readonly name: string; readonly icon?: ReactNode }[];
  readonly mode: Mode;
  readonly choose: (mode: Mode) => void;
}

/** Two ways to write one value. */
export function ModeSwitch<Mode extends string>({ label, modes, mode, choose }: SwitchProps<Mode>) {
  return (
    <fieldset aria-label={label} className="inline-flex rounded-sm border border-line bg-raised p-px">
      {modes.map(({ id, name, icon }) => (
        <button
          key={id}
          type="button"
          aria-pressed={mode === id}
          aria-label={name}
          title={name}
          onClick={() => mode !== id && choose(id)}
          className="inline-flex h-4 items-center rounded-xs px-1.5 text-2xs text-faint hover:text-text aria-pressed:bg-hover aria-pressed:font-medium aria-pressed:text-text"
        >
          {icon ?? name}
        </button>
      ))}
    </fieldset>
  );
}
