/** A field for a text with `{{ }}`: one line that grows as it is filled. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorTheme } from '../../../components/code-editor.tsx';
import { templateExtensions } from './expression-extensions.ts';
import { insertionPoint } from './insertion.ts';
import { useScope } from './scope.ts';

interface ExpressionEditorProps {
  readonly label: string;
  readonly describedBy: string;
  readonly value: string;
  readonly isInvalid: boolean;
  /** Enter makes a new line. */
  readonly multiline: boolean;
  readonly hint?: string;
  readonly onChange: (text: string) => void;
}

const growing = EditorView.theme({
  '&': { height: 'auto' },
  '.cm-scroller': { maxHeight: '240px', fontFamily: 'var(--font-mono)', lineHeight: '1.5' },
  '.cm-content': { padding: '5px 0' },
  '.cm-line': { padding: '0 9px' },
  '.cm-placeholder': { color: 'var(--faint)' },
});

export function ExpressionEditor(props: ExpressionEditorProps) {
  const { label, describedBy, value, isInvalid, multiline, hint = '', onChange } = props;
  const scope = useScope();
  const latest = useRef(scope);
  latest.current = scope;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const marks = useRef(new Compartment());
  const attributes = EditorView.contentAttributes.of({
    'aria-label': label,
    'aria-describedby': describedBy,
    ...(isInvalid && { 'aria-invalid': 'true' }),
  });
  useEffect(() => {
    const { insert } = latest.current;
    const state = EditorState.create({
      doc: value,
      extensions: [
        history(),
        templateExtensions(latest),
        keymap.of([
          ...(multiline ? [] : [{ key: 'Enter', run: () => true }]),
          ...defaultKeymap.filter(({ key }) => key !== 'Escape'),
          ...historyKeymap,
        ]),
        // What comes first wins.
        growing,
        editorTheme,
        EditorView.lineWrapping,
        placeholder(hint),
        marks.current.of(attributes),
        insertionPoint(insert, false),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current(update.state.doc.toString());
        }),
      ],
    });
    const made = new EditorView({ state, parent: box.current as HTMLElement });
    view.current = made;
    return () => {
      if (made.hasFocus || document.activeElement === document.body) insert.current = undefined;
      made.destroy();
    };
  }, [multiline, hint]);
  useEffect(() => {
    view.current?.dispatch({ effects: marks.current.reconfigure(attributes) });
  }, [label, describedBy, isInvalid]);
  useEffect(() => {
    const now = view.current;
    if (now === null || now.state.doc.toString() === value) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } });
  }, [value]);
  return (
    <div
      ref={box}
      className={`min-h-8 overflow-hidden rounded-md border bg-raised focus-within:border-accent ${isInvalid ? 'border-bad' : 'border-line hover:border-strong'}`}
    />
  );
}
