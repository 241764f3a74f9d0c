/**
 * The document that is being edited. It lives outside of the page, so that whoever goes to look at an execution comes
 * back to the same draft with all its steps to undo.
 */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { toast } from '../../../components/toast.tsx';
import type { Definition } from '../../../graph/document.ts';
import { begin, type History, redo, step, undo } from './edit/history.ts';
import type { TextLanguage } from './edit/read-text.ts';
import { dropDraft, keepDraft, SESSION, type Texts, type WrittenText } from './local-drafts.ts';

export interface Draft {
  /** Id of the workflow, or `new`. */
  readonly key: string;
  readonly history: History;
  /** As the server has it. */
  readonly saved: Definition;
  /** Version that the draft was made from; undefined: never saved. */
  readonly version: number | undefined;
  /** As it was last written by hand, with its comments. */
  readonly texts: Texts;
}

const drafts = new Map<string, Draft>();
/** Saved under another key: the page shows them until it has gone there, and the next visit begins anew. */
const settled = new Set<string>();
const listeners = new Set<() => void>();

function put(draft: Draft): void {
  drafts.set(draft.key, draft);
  for (const listener of listeners) listener();
  keepSoon(draft.key);
}

export const sameDocument = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The language of a text that cannot be read yet: it says more than the document. */
export const unreadOf = (texts: Texts): TextLanguage | undefined =>
  (['yaml', 'typescript'] as const).find((language) => texts[language]?.isUnread);

export const LANGUAGES: Readonly<Record<TextLanguage, string>> = { yaml: 'YAML', typescript: 'TypeScript' };

const isDirty = ({ history, saved, texts }: Draft): boolean =>
  unreadOf(texts) !== undefined || !sameDocument(history.now, saved);

const KEEP_MS = 300;
let timer: ReturnType<typeof setTimeout> | undefined;
const due = new Set<string>();

function keepSoon(key: string): void {
  due.add(key);
  clearTimeout(timer);
  timer = setTimeout(keepNow, KEEP_MS);
}

function keepNow(): void {
  for (const key of due) {
    const draft = drafts.get(key);
    if (draft === undefined || !isDirty(draft)) {
      dropDraft(key, SESSION);
      continue;
    }
    const { history, version, texts } = draft;
    keepDraft(key, { session: SESSION, at: new Date().toISOString(), version, definition: history.now, texts });
  }
  due.clear();
}

export interface DraftHandle extends Draft {
  readonly definition: Definition;
  readonly dirty: boolean;
  /** Steps about the same thing shortly after another count as one. */
  readonly edit: (next: Definition, about?: string) => void;
  readonly change: (how: (definition: Definition) => Definition, about?: string) => void;
  readonly keepText: (language: TextLanguage, written: WrittenText) => void;
  /** Gives up a text that cannot be read; the document is what it last said. */
  readonly dropText: (language: TextLanguage) => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

const change = (key: string, how: (draft: Draft) => Draft) => {
  const draft = drafts.get(key);
  if (draft === undefined) return;
  const next = how(draft);
  if (next !== draft) put(next);
};

/** While a text cannot be read the document stays as it is: mended, the text would take back whatever was done since. */
const withHistory = (key: string, how: (history: History) => History) =>
  change(key, (draft) => {
    const unread = unreadOf(draft.texts);
    if (unread !== undefined) {
      toast({ tone: 'warn', title: `Nothing can be changed until the ${LANGUAGES[unread]} can be read` });
      return draft;
    }
    const history = how(draft.history);
    return history === draft.history ? draft : { ...draft, history };
  });

/** `start` is what a workflow begins as that was never saved. */
export function useDraft(key: string, workflow: WorkflowAnswer | undefined, start: Definition): DraftHandle {
  useState(() => {
    const saved = workflow?.definition ?? start;
    const fresh = { key, history: begin(saved), saved, version: workflow?.version, texts: {} };
    if (!drafts.has(key) || settled.delete(key)) drafts.set(key, fresh);
  });
  const draft = useSyncExternalStore(subscribe, () => drafts.get(key) as Draft);
  useEffect(() => {
    window.addEventListener('pagehide', keepNow);
    return () => {
      window.removeEventListener('pagehide', keepNow);
      keepNow();
    };
  }, []);
  return {
    ...draft,
    definition: draft.history.now,
    dirty: isDirty(draft),
    edit: (next, about) => withHistory(key, (history) => step(history, next, Date.now(), about)),
    change: (how, about) => withHistory(key, (history) => step(history, how(history.now), Date.now(), about)),
    keepText: (language, written) => change(key, (one) => ({ ...one, texts: { ...one.texts, [language]: written } })),
    dropText: (language) => change(key, ({ texts: { [language]: _, ...texts }, ...one }) => ({ ...one, texts })),
    undo: () => withHistory(key, undo),
    redo: () => withHistory(key, redo),
  };
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** The server has it now: under this id, as this version. What was typed since goes on being a draft. */
export function settle(key: string, { id, version, definition }: WorkflowAnswer): void {
  const draft = drafts.get(key);
  if (draft === undefined) return;
  if (id !== key) {
    settled.add(key);
    due.delete(key);
    dropDraft(key, SESSION);
  }
  put({ ...draft, key: id, saved: definition, version });
}

/** Theirs takes the place of mine, which `undo` brings back. */
export function take(key: string, { version, definition }: WorkflowAnswer): void {
  change(key, (draft) => ({
    ...draft,
    history: step(draft.history, definition, Date.now()),
    saved: definition,
    version,
    texts: {},
  }));
}

/** Mine stays, and counts as made from theirs: saving it goes over theirs. */
export const rebase = (key: string, { version, definition }: WorkflowAnswer): void =>
  change(key, (draft) => ({ ...draft, saved: definition, version }));

/** The workflow is gone, and nothing of it is to be restored. */
export const forget = (key: string): void =>
  change(key, (draft) => ({ ...draft, history: begin(draft.saved), texts: {} }));
