/** What a text with `{{ }}` has in the editor: colors, completion, braces that close themselves. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from '@codemirror/autocomplete';
import type { Extension, Range } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { RefObject } from 'react';
import { type Scope, type Suggestion, suggestionsAt } from './completions.ts';
import { openExpression, overClosing } from './member-path.ts';
import { tokensOf } from './tokens.ts';

const build = (view: EditorView): DecorationSet => {
  const marks = tokensOf(view.state.doc.toString()).map(
    ({ from, to, kind }): Range<Decoration> => Decoration.mark({ class: `cm-x-${kind}` }).range(from, to),
  );
  return Decoration.set(marks, true);
};

const highlighting = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = build(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = build(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const colors = EditorView.theme({
  '.cm-x-expression': { backgroundColor: 'var(--accent-soft)', borderRadius: '3px' },
  '.cm-x-braces': { color: 'var(--accent)' },
  '.cm-x-variable': { color: 'var(--accent)' },
  '.cm-x-text': { color: 'var(--ok)' },
  '.cm-x-number': { color: 'var(--info)' },
  '.cm-x-word': { color: 'var(--warn)' },
  '.cm-completionDetail': { color: 'var(--faint)', fontStyle: 'normal', float: 'right', marginLeft: '1.5em' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '16em', minWidth: '16em' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
});

/** `{{` brings its other half, and asks what may stand in it; whoever types that half too goes over it. */
const closingBraces = EditorView.inputHandler.of((view, from, to, text) => {
  if (text === '}' && from === to) {
    const anchor = overClosing(view.state.doc.toString(), from);
    if (anchor !== undefined) view.dispatch({ selection: { anchor }, userEvent: 'select' });
    return anchor !== undefined;
  }
  if (text !== '{' || from !== to) return false;
  const doc = view.state.doc;
  if (doc.sliceString(from - 1, from) !== '{' || doc.sliceString(from, from + 1) === '}') return false;
  if (openExpression(doc.toString(), from) !== undefined) return false;
  view.dispatch({ changes: { from, insert: '{  }}' }, selection: { anchor: from + 2 }, userEvent: 'input.type' });
  startCompletion(view);
  return true;
});

/** `bare`: the whole text is code. */
function expressionCompletion(scope: RefObject<Scope>, bare: boolean): Extension {
  const source = (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const start = bare ? 0 : openExpression(text, context.pos);
    if (start === undefined) return null;
    const before = text.slice(start, context.pos);
    const found = suggestionsAt(before, scope.current);
    if (found === undefined || (found.typed === '' && !context.explicit && !/[.{\s(]$/.test(before))) return null;
    return {
      from: context.pos - found.typed.length,
      options: found.list.map((one, index) => completionOf(one, index)),
      validFor: /^[\w$]*$/,
    };
  };
  // In an expression Enter hardly ever means a new line; in code it may.
  const patience = bare ? {} : { interactionDelay: 0 };
  return autocompletion({ override: [source], icons: false, activateOnTyping: true, ...patience });
}

const BOOST = { variable: 40, field: 30, node: 30, secret: 30, method: 10, function: 0 } as const;

function completionOf({ label, apply = label, eatsDot, detail, kind }: Suggestion, index: number): Completion {
  const put = (view: EditorView, _: Completion, from: number, to: number) => {
    const start = eatsDot ? from - (view.state.sliceDoc(from - 2, from) === '?.' ? 0 : 1) : from;
    const cursor = start + apply.length - (apply.endsWith('()') ? 1 : 0);
    view.dispatch({
      changes: { from: start, to, insert: apply },
      selection: { anchor: cursor },
      userEvent: 'input.complete',
    });
    // A node is chosen to read one of its fields.
    if (kind === 'node') startCompletion(view);
  };
  return { label, apply: put, boost: BOOST[kind] - Math.min(index, 9) / 10, ...(detail && { detail }) };
}

export const templateExtensions = (scope: RefObject<Scope>): Extension => [
  highlighting,
  colors,
  closingBraces,
  expressionCompletion(scope, false),
];

/** For code of the user, which names the same variables. */
export const codeExtensions = (scope: RefObject<Scope>): Extension => [colors, expressionCompletion(scope, true)];
