/** The name of the workflow; a click makes it a field. */
import clsx from 'clsx';
import { useId, useState } from 'react';
import { WORKFLOW_NAME } from '../../../../../src/core/definition/names.ts';
import { Input } from '../../../components/field.tsx';

interface RenameHeadingProps {
  readonly name: string;
  readonly rename: (name: string) => void;
}

export function RenameHeading({ name, rename }: RenameHeadingProps) {
  const [text, setText] = useState<string>();
  /** Something else was typed than what stands there. */
  const [isAltered, setAltered] = useState(false);
  const note = useId();
  if (text === undefined) {
    return (
      <button
        type="button"
        title="Rename"
        aria-label={`Rename ${name}`}
        className="max-w-72 truncate rounded-md px-1.5 py-0.5 hover:bg-hover"
        onClick={() => setText(name)}
      >
        {name}
      </button>
    );
  }
  const isFit = WORKFLOW_NAME.test(text);
  const why = isFit
    ? undefined
    : text === ''
      ? 'It needs a name'
      : 'Names begin with a letter or digit, then letters, digits and -';
  const done = () => {
    if (isFit && text !== name) rename(text);
    setText(undefined);
    setAltered(false);
  };
  return (
    <span className="relative">
      <Input
        autoFocus
        aria-label="Name of the workflow"
        aria-invalid={isFit ? undefined : true}
        title="Lower-case letters, digits and -"
        className="w-64!"
        value={text}
        onFocus={(event) => event.currentTarget.select()}
        aria-describedby={note}
        onChange={(event) => {
          const next = event.target.value.toLowerCase().replaceAll(' ', '-');
          if (next !== event.target.value) setAltered(true);
          setText(next);
        }}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
          if (event.key === 'Escape') setText(undefined);
        }}
      />
      <span
        id={note}
        role="status"
        className={clsx(
          'absolute top-full left-0 z-30 mt-1 w-max max-w-72 rounded-md border border-line bg-raised px-2 py-1 font-normal text-xs shadow-lg empty:hidden',
          why === undefined ? 'text-muted' : 'text-bad',
        )}
      >
        {why ?? (isAltered ? 'Names are in lower case, with - for spaces' : '')}
      </span>
    </span>
  );
}
