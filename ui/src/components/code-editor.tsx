/** Text with structure: JSON, YAML, TypeScript or plain. Loaded by the pages that need it (`lazy`). */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';

type Language = 'json' | 'yaml' | 'typescript' | 'text';

const LANGUAGES: Readonly<Record<Language, () => Extension>> = {
  json,
  yaml,
  typescript: () => javascript({ typescript: true }),
  text: () => [],
};

const COLORS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--info)' },
  { tag: [tags.keyword, tags.operator], color: 'var(--warn)' },
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
]);

export const editorTheme = EditorView.theme({
  '&': { fontSize: '12.5px', backgroundColor: 'transparent', color: 'var(--text)', height: '100%' },
  '.cm-content, .cm-gutters': { fontFamily: 'var(--font-mono)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--faint)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--hover) 60%, transparent)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft) !important' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    color: 'var(--text)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--text)' },
});

export interface Fault {
  /** Character positions in the text. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly language: Language;
  readonly readOnly?: boolean;
  readonly faults?: readonly Fault[];
  readonly extensions?: Extension;
  /** Begins with the cursor at this character. */
  readonly cursor?: number;
  readonly onChange?: (text: string) => void;
}

const NONE: readonly Fault[] = [];

export default function CodeEditor({
  label,
  value,
  language,
  readOnly = false,
  faults = NONE,
  extensions = [],
  cursor,
  onChange,
}: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const outside = useRef(new Compartment());
  useEffect(() => {
    const state = EditorState.create({
      doc: value,
      extensions: [
        lineNumbers(),
        foldGutter(),
        history(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        lintGutter(),
        syntaxHighlighting(COLORS),
        keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap, ...foldKeymap]),
        LANGUAGES[language](),
        editorTheme,
        EditorView.lineWrapping,
        EditorState.readOnly.of(readOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current?.(update.state.doc.toString());
        }),
        outside.current.of(extensions),
      ],
    });
    const made = new EditorView({ state, parent: box.current as HTMLElement });
    view.current = made;
    if (cursor !== undefined) {
      made.focus();
      made.dispatch({ selection: { anchor: Math.min(cursor, value.length) }, scrollIntoView: true });
    }
    return () => made.destroy();
  }, [language, readOnly, label]);
  useEffect(() => {
    view.current?.dispatch({ effects: outside.current.reconfigure(extensions) });
  }, [extensions]);
  useEffect(() => {
    const now = view.current;
    if (now === null || now.state.doc.toString() === value) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const now = view.current;
    if (now === null) return;
    const end = now.state.doc.length;
    const marks: Diagnostic[] = faults.map(({ from, to, message }) => ({
      from: Math.min(from, end),
      to: Math.min(to, end),
      message,
      severity: 'error',
    }));
    now.dispatch(setDiagnostics(now.state, marks));
  }, [faults]);
  return <div ref={box} className="h-full min-h-0 overflow-hidden" />;
}
