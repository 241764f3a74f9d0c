/** How an expression comes into a text that is edited: at the cursor by a click, where it is dropped by a drag. */
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { RefObject } from 'react';
import { inserted } from './member-path.ts';
import type { Insert } from './scope.ts';

export const EXPRESSION_TYPE = 'application/x-myelin-expression';

/** `bare`: the whole text is code, so that no `{{ }}` goes around. */
export function insertionPoint(insert: RefObject<Insert | undefined>, bare: boolean): Extension {
  const put = (view: EditorView, from: number, to: number, expression: string) => {
    const text = bare ? expression : inserted(view.state.doc.toString(), from, expression);
    view.dispatch({
      changes: { from, to, insert: text },
      selection: { anchor: from + text.length },
      userEvent: 'input',
    });
    view.focus();
  };
  return EditorView.domEventHandlers({
    focus: (_, view) => {
      insert.current = (expression) => {
        const { from, to } = view.state.selection.main;
        put(view, from, to, expression);
      };
      return false;
    },
    drop: (event, view) => {
      const expression = event.dataTransfer?.getData(EXPRESSION_TYPE);
      if (!expression) return false;
      event.preventDefault();
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.doc.length;
      put(view, at, at, expression);
      return true;
    },
  });
}
