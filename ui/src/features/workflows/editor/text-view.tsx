/**
 * The draft as a text that is written by hand. What does not parse stays here as it is written, while the canvas shows
 * the last that did.
 */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import CodeEditor, { type Fault } from '../../../components/code-editor.tsx';
import type { Definition } from '../../../graph/document.ts';
import { type DraftHandle, unreadOf } from './draft.ts';
import type { ReadText, TextFault, TextLanguage } from './edit/read-text.ts';

/** A language in which a document is written. */
export interface TextForm {
  readonly language: TextLanguage;
  readonly name: string;
  readonly print: (definition: Definition) => string;
  /** `like` is the document as it was: what means the same gives the same. */
  readonly read: (text: string, like: Definition) => ReadText;
  /** The document, with as much of the text as can stay; the text itself where it says the same. */
  readonly merge: (text: string, definition: Definition) => string;
  readonly hasComments?: (text: string) => boolean;
}

interface TextViewProps {
  readonly draft: DraftHandle;
  readonly form: TextForm;
  /** What stands over the text. */
  readonly heading?: (text: string) => ReactNode;
}

const NONE: readonly Fault[] = [];

export function TextView({ draft, form, heading }: TextViewProps) {
  const { definition } = draft;
  const kept = draft.texts[form.language];
  const [text, setText] = useState(() => begin(draft, form));
  const [fault, setFault] = useState(() => faultOf(form, text, definition));
  /** Whoever comes back to a text that cannot be read is led to its fault. */
  const [begins] = useState(fault?.from);
  const unread = unreadOf(draft.texts);
  const other = unread === form.language ? undefined : unread;
  const mine = useRef(definition);
  const written = useRef(kept?.text);
  // Undo and redo come from outside, and so does what another view changed, or what was restored.
  useEffect(() => {
    const isRestored = kept !== undefined && kept.text !== written.current;
    const isDropped = kept === undefined && written.current !== undefined;
    if (!isRestored && !isDropped && definition === mine.current) return;
    mine.current = definition;
    const next = isRestored ? kept.text : isDropped ? form.print(definition) : form.merge(text, definition);
    written.current = kept === undefined ? undefined : next;
    setText(next);
    setFault(faultOf(form, next, definition));
    if (isRestored || kept === undefined) return;
    const { hasComments = false } = kept;
    draft.keepText(form.language, { text: next, isUnread: false, ...(hasComments && { hasComments }) });
  }, [definition, kept?.text]);
  const change = (next: string) => {
    setText(next);
    const read = form.read(next, mine.current);
    written.current = next;
    draft.keepText(form.language, {
      text: next,
      isUnread: 'fault' in read,
      ...('fault' in read && { why: lineOf(read.fault) }),
      ...(form.hasComments?.(next) && { hasComments: true }),
    });
    if ('fault' in read) return setFault(read.fault);
    setFault(undefined);
    if (JSON.stringify(read.definition) === JSON.stringify(mine.current)) return;
    mine.current = read.definition;
    draft.edit(read.definition, form.language);
  };
  const marks = fault ? [{ from: fault.from, to: Math.max(fault.to, fault.from + 1), message: fault.message }] : NONE;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {heading?.(text)}
      {fault && (
        <p role="alert" className="border-line border-b bg-bad-soft px-4 py-2 text-bad">
          {lineOf(fault)}. The canvas shows the last version that could be read.
        </p>
      )}
      <div className="min-h-0 flex-1 bg-panel">
        <CodeEditor
          label={`The workflow as ${form.name}`}
          language={form.language}
          value={text}
          faults={marks}
          readOnly={other !== undefined}
          {...(begins !== undefined && { cursor: begins })}
          onChange={change}
        />
      </div>
    </div>
  );
}

const lineOf = ({ line, column, message }: TextFault): string =>
  `Line ${line}${column === undefined ? '' : `, column ${column}`}: ${message}`;

function faultOf(form: TextForm, text: string, like: Definition): TextFault | undefined {
  const read = form.read(text, like);
  return 'fault' in read ? read.fault : undefined;
}

/** A text that was left unfinished comes back as it was; another gets the changes made since. */
function begin({ texts, definition }: DraftHandle, form: TextForm): string {
  const kept = texts[form.language];
  if (kept === undefined) return form.print(definition);
  return faultOf(form, kept.text, definition) === undefined ? form.merge(kept.text, definition) : kept.text;
}
