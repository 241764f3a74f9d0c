/** A filter that is typed: it counts when the typing rests, since the API takes exact words. */
import { useEffect, useId, useState } from 'react';
import { Input } from './field.tsx';

const REST_MS = 350;

interface RestInputProps {
  readonly label: string;
  readonly title: string;
  readonly value: string;
  /** Offered while it is typed. */
  readonly known: readonly string[];
  readonly maxLength: number;
  /** `/` goes to it. */
  readonly isSearch?: boolean;
  readonly change: (text: string) => void;
}

export function RestInput({ label, title, value, known, maxLength, isSearch, change }: RestInputProps) {
  const list = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => change(text.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <>
      <Input
        aria-label={label}
        list={list}
        placeholder={label}
        title={title}
        maxLength={maxLength}
        className="w-36! max-sm:grow"
        value={text}
        onChange={(event) => setText(event.target.value)}
        {...(isSearch && { 'data-search': true })}
      />
      <datalist id={list}>
        {known.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}
