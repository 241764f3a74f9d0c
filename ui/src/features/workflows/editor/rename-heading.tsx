/** The name of the workflow; a click makes it a field. */
import { useState } from 'react';
import { WORKFLOW_NAME } from '../../../../../src/core/definition/names.ts';
import { Input } from '../../../components/field.tsx';

interface RenameHeadingProps {
  readonly name: string;
  readonly rename: (name: string) => void;
}

export function RenameHeading({ name, rename }: RenameHeadingProps) {
  const [text, setText] = useState<string>();
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
  const done = () => {
    if (isFit && text !== name) rename(text);
    setText(undefined);
  };
  return (
    <Input
      autoFocus
      aria-label="Name of the workflow"
      aria-invalid={isFit ? undefined : true}
      title="Lower-case letters, digits and -"
      className="w-64!"
      value={text}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.target.value.toLowerCase().replaceAll(' ', '-'))}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done();
        if (event.key === 'Escape') setText(undefined);
      }}
    />
  );
}
