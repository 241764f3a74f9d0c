/** What stands over the draft: changes of an earlier visit, a newer version, what the server said against saving. */
import clsx from 'clsx';
import { useState } from 'react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { useRefusal } from '../../../api/role.ts';
import { Button } from '../../../components/button.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { Ago } from '../../../components/time.tsx';
import { type DraftHandle, LANGUAGES, sameDocument, unreadOf } from './draft.ts';
import type { TextLanguage } from './edit/read-text.ts';
import { dropDraft, readDrafts, SESSION } from './local-drafts.ts';
import { type Saving, UnreadText } from './saving.ts';

interface NoticesProps {
  readonly draft: DraftHandle;
  readonly workflow: WorkflowAnswer | undefined;
  readonly saving: Saving;
  /** The view that is open, and the way to another. */
  readonly view: string;
  readonly show: (view: TextLanguage) => void;
}

export function Notices({ draft, workflow, saving, view, show }: NoticesProps) {
  const unread = unreadOf(draft.texts);
  const isBehind = workflow !== undefined && draft.version !== undefined && workflow.version > draft.version;
  const refusal = useRefusal()(workflow ? 'updateWorkflow' : 'createWorkflow');
  return (
    <>
      <EarlierChanges key={draft.key} draft={draft} />
      {refusal && draft.dirty && (
        <Notice>What you change here stays in this browser and cannot be saved. {refusal}</Notice>
      )}
      {isBehind && draft.dirty && (
        <Notice>
          Version {workflow.version} was saved meanwhile; yours is made from version {draft.version}.
          <Button className="h-7!" onClick={saving.compare}>
            Compare
          </Button>
        </Notice>
      )}
      {unread !== undefined && unread !== view && (
        <Notice tone="bad">
          <span className="min-w-0 break-words">
            The {LANGUAGES[unread]} cannot be read{draft.texts[unread]?.why && ` (${draft.texts[unread].why})`}. Until
            it can, this is its last version that could, and nothing is changed here.
          </span>
          <Button className="h-7!" onClick={() => show(unread)}>
            Mend it
          </Button>
          <Button kind="quiet" className="h-7!" onClick={() => draft.dropText(unread)}>
            Drop what was typed
          </Button>
        </Notice>
      )}
      {saving.problem && (
        <div className="border-line border-b px-4 py-2">
          <ProblemNote
            error={saving.problem}
            // What cannot be read yet is mended, not tried again.
            {...(!(saving.problem instanceof UnreadText) && { retry: () => void saving.save() })}
          >
            <Button kind="quiet" onClick={saving.dismiss}>
              Keep editing
            </Button>
          </ProblemNote>
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
    const unread = unreadOf(draft.texts);
    if (unread !== undefined) draft.dropText(unread);
    draft.edit(newest.definition);
    for (const language of ['yaml', 'typescript'] as const) {
      const written = newest.texts?.[language];
      if (written !== undefined) draft.keepText(language, written);
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

const TONES = { warn: 'bg-warn-soft text-warn', bad: 'bg-bad-soft text-bad' } as const;

interface NoticeProps {
  readonly tone?: keyof typeof TONES;
  readonly children: React.ReactNode;
}

const Notice = ({ tone = 'warn', children }: NoticeProps) => (
  <div
    role={tone === 'bad' ? 'alert' : 'status'}
    className={clsx('flex flex-wrap items-center gap-2 border-line border-b px-4 py-1.5', TONES[tone])}
  >
    {children}
  </div>
);
