/** A value as JSON with colors. What is typed stays while it is no JSON yet; changes from elsewhere come in. */
import { useEffect, useMemo, useRef, useState } from 'react';
import CodeEditor from '../../../components/code-editor.tsx';
import { templateExtensions } from './expression-extensions.ts';
import { insertionPoint } from './insertion.ts';
import { useScope } from './scope.ts';

interface JsonEditorProps {
  readonly label: string;
  readonly value: unknown;
  /** Its texts hold no expressions. */
  readonly raw?: boolean;
  /** As high as what is around it. */
  readonly fill?: boolean;
  /** Why a value cannot be taken. */
  readonly refuse?: (value: unknown) => string | undefined;
  /** Undefined where the text is empty. */
  readonly onChange: (value: unknown) => void;
}

const print = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, null, 2));
const LINE = 18;

export function JsonEditor({ label, value, raw = false, fill = false, refuse, onChange }: JsonEditorProps) {
  const scope = useScope();
  const latest = useRef(scope);
  latest.current = scope;
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
    if (next === text) return;
    setText(next);
    const read = parse(next);
    if ('fault' in read) return setFault(read.fault);
    const refused = refuse?.(read.value);
    setFault(refused);
    if (refused !== undefined) return;
    mine.current = print(read.value);
    onChange(read.value);
  };
  const extensions = useMemo(
    () => (raw ? [] : [templateExtensions(latest), insertionPoint(latest.current.insert, false)]),
    [raw],
  );
  const lines = text.split('\n').length;
  return (
    <>
      <div
        className={`overflow-hidden border-line bg-raised focus-within:border-accent ${fill ? 'min-h-0 flex-1 border-y' : 'rounded-md border'}`}
        style={fill ? undefined : { height: Math.min(360, Math.max(4, lines + 1) * LINE + 10) }}
      >
        <CodeEditor label={label} language="json" value={text} extensions={extensions} onChange={change} />
      </div>
      {fault && <p className={`text-bad text-xs ${fill ? 'px-4 py-2' : ''}`}>{fault}</p>}
    </>
  );
}

function parse(text: string): { readonly value: unknown } | { readonly fault: string } {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: `This is no JSON yet: ${(error as Error).message}` };
  }
}
