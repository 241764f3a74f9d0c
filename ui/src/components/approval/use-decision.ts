/** What is typed for an approval, whether it can be sent, and the sending. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Approval, DecideBody } from '../../../../src/contract/approvals.ts';
import { ApiProblem } from '../../api/problem.ts';
import { refresh, useAction } from '../../api/query.ts';
import { useDraft } from '../draft.ts';
import { signed } from '../person.ts';
import { useWho } from '../who.ts';
import { faultsOf, formOf, initialOf, isCall } from './form-data.ts';

export type Choice = 'approved' | 'rejected';

/** What somebody wanted to decide who was not the first. */
export interface Late {
  readonly choice: Choice;
  readonly comment: string;
  /** undefined: there was no form, or it was not sent. */
  readonly data: unknown;
}

interface Ends {
  readonly onDecided: (approval: Approval) => void;
  readonly onLate: (late: Late) => void;
}

const NONE: ReadonlyMap<string, string> = new Map();
/** Somebody or something else closed it. */
const CLOSED = new Set(['already_decided', 'illegal_transition', 'approval_not_found']);

export function useDecision(approval: Approval, { onDecided, onLate }: Ends) {
  const { id, assignees, path } = approval;
  const client = useQueryClient();
  const form = formOf(approval);
  const [initial] = useState(() => ({ comment: '', data: initialOf(approval) }));
  const draft = useDraft(`approval.${id}`, initial);
  const who = useWho(assignees);
  const [isChecked, setChecked] = useState(false);
  const [faults, setFaults] = useState(NONE);
  /** Something in the form is no value yet, and says so itself. */
  const [isUnread, setUnread] = useState(false);
  const [problem, setProblem] = useState<Error>();
  /** Each one leads to the first fault, once it is drawn. */
  const [refusals, setRefusals] = useState(0);
  const { data, comment } = draft.value;

  // Once something was wrong, each change is checked as it is typed.
  useEffect(() => {
    if (faults === NONE || form === null) return;
    let isNow = true;
    void faultsOf(approval.form, data).then((next) => isNow && setFaults(next));
    return () => {
      isNow = false;
    };
  }, [data]);

  useEffect(() => {
    if (refusals > 0) focusFirstFault(id);
  }, [refusals, id]);

  const bodyOf = (choice: Choice): DecideBody => ({
    decision: choice,
    by: who.name.trim(),
    ...(who.as !== '' && { as: who.as }),
    ...(comment.trim() !== '' && { comment: comment.trim() }),
    // The arguments of a tool that nobody has touched stay as the model gave them.
    ...(choice === 'approved' && form !== null && (draft.isTyped || !isCall(path)) && { data }),
  });
  const decide = useAction('decideApproval', {
    done: (answer) => {
      draft.clear();
      signed(who.name.trim(), who.as);
      onDecided(answer);
    },
    failed: (error) => {
      if (!(error instanceof ApiProblem) || !CLOSED.has(error.code)) return setProblem(error);
      const choice = decide.variables?.body?.decision ?? 'approved';
      onLate({ choice, comment, data: choice === 'approved' ? data : undefined });
      void refresh(client, ['Approvals']);
    },
  });

  return {
    draft,
    who,
    faults,
    setUnread,
    problem,
    isChecked,
    isSending: decide.isPending,
    /** Says in place what is missing, and goes there. */
    check: async (choice: Choice): Promise<boolean> => {
      if (decide.isPending) return false;
      setChecked(true);
      const found = form === null || choice === 'rejected' ? NONE : await faultsOf(approval.form, data);
      setFaults(found.size === 0 ? NONE : found);
      const isWhole = choice === 'rejected' || !isUnread;
      if (found.size === 0 && isWhole && who.fault === undefined) return true;
      setRefusals((count) => count + 1);
      return false;
    },
    send: (choice: Choice) => {
      if (decide.isPending) return;
      setProblem(undefined);
      decide.mutate({ params: { id }, body: bodyOf(choice) });
    },
  };
}

function focusFirstFault(id: string): void {
  document.querySelector<HTMLElement>(`[data-decision-form="${id}"] [aria-invalid="true"]`)?.focus();
}
