/** Saving the draft: as a new workflow, or as a new version of the one that it was made from. */
import { useRef, useState } from 'react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { call } from '../../../api/call.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { keyOf, queryClient, refresh } from '../../../api/query.ts';
import { useRefusal } from '../../../api/role.ts';
import { toast } from '../../../components/toast.tsx';
import { type DraftHandle, LANGUAGES, rebase, settle, take, unreadOf } from './draft.ts';
import type { TextLanguage } from './edit/read-text.ts';

interface SaveOptions {
  readonly activate?: boolean;
  readonly over?: number;
}

export interface Saving {
  readonly busy: boolean;
  /** What the server says against it. */
  readonly problem: Error | undefined;
  readonly dismiss: () => void;
  /** What somebody else saved meanwhile. */
  readonly conflict: WorkflowAnswer | undefined;
  /** While one is on its way it is the same one; undefined: nothing was saved, or there was nothing to save. */
  readonly save: (options?: SaveOptions) => Promise<WorkflowAnswer | undefined>;
  readonly compare: () => void;
  readonly overwrite: () => void;
  readonly takeTheirs: () => void;
  readonly keepEditing: () => void;
}

/** Nothing is sent while the text says more than the document. */
export class UnreadText extends Error {
  constructor(language: TextLanguage) {
    super(`The ${LANGUAGES[language]} cannot be read yet, so it is not saved. Mend it first, or drop what was typed.`);
  }
}

export function useSaving(draft: DraftHandle, created: (workflow: WorkflowAnswer) => void): Saving {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const [conflict, setConflict] = useState<WorkflowAnswer>();
  /** Of the save that was refused: whoever saves over theirs wants the same of it. */
  const [wanted, setWanted] = useState<SaveOptions>({});
  /** A new workflow's stays: the page is about to go to that of the workflow. */
  const going = useRef<Promise<WorkflowAnswer | undefined>>(undefined);
  const { key, definition, version } = draft;
  const refusal = useRefusal()(version === undefined ? 'createWorkflow' : 'updateWorkflow');
  const compare = async () => {
    try {
      setConflict(await call('getWorkflow', { params: { id: key } }));
    } catch (error) {
      setProblem(error as Error);
    }
  };
  const send = async (options: SaveOptions) => {
    const { activate, over = version } = options;
    if (!draft.dirty && !activate && over !== undefined && over === version) {
      toast({ tone: 'neutral', title: `Nothing has changed since version ${version}` });
      return undefined;
    }
    const unread = unreadOf(draft.texts);
    if (unread !== undefined) {
      setProblem(new UnreadText(unread));
      return undefined;
    }
    setBusy(true);
    setProblem(undefined);
    setWanted(options);
    const query = activate ? ({ activate: 'true' } as const) : {};
    try {
      const saved =
        over === undefined
          ? await call('createWorkflow', { query, body: definition })
          : await call('updateWorkflow', {
              params: { id: key },
              query,
              body: definition,
              headers: { 'if-match': `"${over}"` },
            });
      queryClient.setQueryData(keyOf('getWorkflow', { params: { id: saved.id } }), saved);
      settle(key, saved);
      setConflict(undefined);
      void refresh(queryClient, ['Workflows', 'Triggers', 'Webhooks']);
      const lost = draft.texts.yaml?.hasComments ? ', without the comments of its YAML' : '';
      toast({ tone: 'ok', title: `Saved as version ${saved.version}${lost}` });
      if (over === undefined) created(saved);
      return saved;
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'version_conflict') await compare();
      else setProblem(error as Error);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const save: Saving['save'] = async (options = {}) => {
    // Keys ask for it too, not only the button that says so.
    if (refusal !== undefined) {
      toast({ tone: 'neutral', title: refusal });
      return undefined;
    }
    going.current ??= send(options);
    const saved = await going.current;
    if (saved === undefined || saved.id === key) going.current = undefined;
    return saved;
  };
  return {
    busy,
    problem: problem instanceof UnreadText && unreadOf(draft.texts) === undefined ? undefined : problem,
    dismiss: () => setProblem(undefined),
    conflict,
    save,
    compare: () => void compare(),
    overwrite: () => {
      if (conflict === undefined) return;
      rebase(key, conflict);
      void save({ ...wanted, over: conflict.version });
    },
    takeTheirs: () => {
      if (conflict === undefined) return;
      take(key, conflict);
      setConflict(undefined);
    },
    keepEditing: () => setConflict(undefined),
  };
}
