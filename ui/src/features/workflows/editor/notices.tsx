/** What stands over the draft: changes of an earlier visit, a newer version, what the server said against saving. */
import { useState } from 'react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { Button } from '../../../components/button.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { Ago } from '../../../components/time.tsx';
import { type DraftHandle, sameDocument, unreadOf } from './draft.ts';
import { dropDraft, readDrafts, SESSION } from './local-drafts.ts';
import type { Saving } from './saving.ts';

interface NoticesProps {
  readonly draft: DraftHandle;
  readonly workflow: WorkflowAnswer | undefined;
  readonly saving: Saving;
}

export function Notices({ draft, workflow, saving }: NoticesProps) {
  const isBehind = workflow !== undefined && draft.version !== undefined && workflow.version > draft.version;
  return (
    <>
      <EarlierChanges key={draft.key} draft={draft} />
      {isBehind && draft.dirty && (
        <Notice>
          Version {workflow.version} was saved meanwhile; yours is made from version {draft.version}.
          <Button className="h-7!" onClick={saving.compare}>
            Compare
          </Button>
        </Notice>
      )}
      {saving.problem && (
        <div className="border-line border-b px-4 py-2">
          <ProblemNote error={saving.problem} retry={() => void saving.save()} />
          <Button kind="quiet" onClick={saving.dismiss}>
            Keep editing
          </Button>
        </div>
      )}
    </>
  );
}

function EarlierChanges({ draft }: { readonly draft: DraftHandle }) {
  const { key } = draft;
  const [left, setLeft] = useState(() => readDrafts(key).filter(({ session }) => session !== SESSION));
  const [newest, ...rest] = left.filter(
    ({ definition, texts = {} }) => unreadOf(texts) !== undefined || !sameDocument(definition, draft.definition),
  );
  if (newest === undefined) return null;
  const settle = () => {
    dropDraft(key, newest.session);
    setLeft(rest);
  };
  const restore = () => {
    draft.edit(newest.definition);
    for (const language of ['yaml', 'typescript'] as const) {
      const written = newest.texts?.[language];
      if (written !== undefined) draft.keepText(language, written.text, written.isUnread);
    }
    settle();
  };
  return (
    <Notice>
      <span>
        You have unsaved changes from <Ago at={newest.at} />
        {newest.version !== undefined && newest.version !== draft.version && `, made from version ${newest.version}`}.
      </span>
      <Button className="h-7!" onClick={restore}>
        Restore
      </Button>
      <Button kind="quiet" className="h-7!" onClick={settle}>
        Discard
      </Button>
    </Notice>
  );
}

const Notice = ({ children }: { readonly children: React.ReactNode }) => (
  <div
    role="status"
    className="flex flex-wrap items-center gap-2 border-line border-b bg-warn-soft px-4 py-1.5 text-warn"
  >
    {children}
  </div>
);
