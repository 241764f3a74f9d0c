/**
 * The document that is being edited. It lives outside of the page, so that whoever goes to look at an execution comes
 * back to the same draft with all its steps to undo.
 */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import type { Definition } from '../../../graph/document.ts';
import { begin, type History, redo, step, undo } from './edit/history.ts';
import { dropDraft, keepDraft, SESSION } from './local-drafts.ts';

export interface Draft {
  /** Id of the workflow, or `new`. */
  readonly key: string;
  readonly history: History;
  /** As the server has it. */
  readonly saved: Definition;
  /** Version that the draft was made from; undefined: never saved. */
  readonly version: number | undefined;
  /** As it was last written in the YAML view, with its comments. */
  readonly yaml: string | undefined;
  /** That text cannot be read yet: it says more than the document. */
  readonly isUnread: boolean;
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

const isDirty = ({ history, saved, isUnread }: Draft): boolean => isUnread || !sameDocument(history.now, saved);

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
    const { history, version, yaml, isUnread } = draft;
    const at = new Date().toISOString();
    keepDraft(key, {
      session: SESSION,
      at,
      version,
      definition: history.now,
      ...(yaml !== undefined && { yaml, isUnread }),
    });
  }
  due.clear();
}

export interface DraftHandle extends Draft {
  readonly definition: Definition;
  readonly dirty: boolean;
  /** Steps about the same thing shortly after another count as one. */
  readonly edit: (next: Definition, about?: string) => void;
  readonly change: (how: (definition: Definition) => Definition, about?: string) => void;
  readonly keepYaml: (text: string, isUnread: boolean) => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

const change = (key: string, how: (draft: Draft) => Draft) => {
  const draft = drafts.get(key);
  if (draft === undefined) return;
  const next = how(draft);
  if (next !== draft) put(next);
};

const withHistory = (key: string, how: (history: History) => History) =>
  change(key, (draft) => {
    const history = how(draft.history);
    return history === draft.history ? draft : { ...draft, history };
  });

/** `start` is what a workflow begins as that was never saved. */
export function useDraft(key: string, workflow: WorkflowAnswer | undefined, start: Definition): DraftHandle {
  useState(() => {
    const saved = workflow?.definition ?? start;
    const fresh = { key, history: begin(saved), saved, version: workflow?.version, yaml: undefined, isUnread: false };
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
    keepYaml: (yaml, isUnread) => change(key, (one) => ({ ...one, yaml, isUnread })),
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
    yaml: undefined,
    isUnread: false,
  }));
}

/** Mine stays, and counts as made from theirs: saving it goes over theirs. */
export const rebase = (key: string, { version, definition }: WorkflowAnswer): void =>
  change(key, (draft) => ({ ...draft, saved: definition, version }));
