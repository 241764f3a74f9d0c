/** An object as JSON text. What is typed stays while it is no JSON yet; changes from elsewhere come in. */
import { useEffect, useRef, useState } from 'react';
import { Field, TextArea } from '../../../components/field.tsx';

interface JsonFieldProps {
  readonly label: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly onChange: (value: Readonly<Record<string, unknown>>) => void;
}

const print = (value: unknown): string => JSON.stringify(value, null, 2);

export function JsonField({ label, value, onChange }: JsonFieldProps) {
  const [text, setText] = useState(() => print(value));
  const [fault, setFault] = useState<string>();
  const mine = useRef(print(value));
  useEffect(() => {
    const printed = print(value);
    if (printed === mine.current) return;
    mine.current = printed;
    setText(printed);
    setFault(undefined);
  }, [value]);
  const change = (next: string) => {
    setText(next);
    try {
      const read: unknown = JSON.parse(next);
      if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new Error('an object is needed');
      mine.current = print(read);
      setFault(undefined);
      onChange(read as Readonly<Record<string, unknown>>);
    } catch (error) {
      setFault(`This is no JSON yet: ${(error as Error).message}`);
    }
  };
  return (
    <Field label={label} fault={fault}>
      {(ids) => (
        <TextArea
          {...ids}
          className="font-mono text-xs"
          rows={Math.min(24, Math.max(6, text.split('\n').length + 1))}
          value={text}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}
