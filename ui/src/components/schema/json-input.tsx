/** A value that has no control of its own, written as JSON. */
import { useEffect, useId, useState } from 'react';
import { TextArea } from '../field.tsx';
import { useForm } from './form.ts';

interface JsonInputProps {
  readonly ids: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

interface Typed {
  readonly text: string;
  /** The text is no JSON: why, and `value` is the one that was there before. */
  readonly fault?: string;
  readonly value: unknown;
}

const textOf = (value: unknown): string | undefined => JSON.stringify(value, null, 2);

/** What is typed stays, also while it is no JSON yet; until it is, the form says that it cannot be sent. */
export function JsonInput({ ids, value, onChange }: JsonInputProps) {
  const { report } = useForm();
  const own = useId();
  const [typed, setTyped] = useState<Typed>();
  // Another value from outside, as when an item of a list goes away before it, is not what was typed here.
  const isOwn = typed !== undefined && textOf(typed.value) === textOf(value);
  const fault = isOwn ? typed.fault : undefined;
  const isUnread = fault !== undefined;
  useEffect(() => {
    report(own, isUnread);
    return () => report(own, false);
  }, [report, own, isUnread]);
  const change = (text: string) => {
    try {
      const next: unknown = text.trim() === '' ? undefined : JSON.parse(text);
      setTyped({ text, value: next });
      onChange(next);
    } catch (error) {
      setTyped({ text, value, fault: `This is no JSON yet: ${(error as Error).message}` });
    }
  };
  return (
    <>
      <TextArea
        {...ids}
        {...(isUnread && { 'aria-invalid': true })}
        className="font-mono text-xs"
        rows={4}
        value={isOwn ? typed.text : (textOf(value) ?? '')}
        onChange={(event) => change(event.target.value)}
      />
      {fault && <p className="text-bad text-xs">{fault}</p>}
    </>
  );
}
