/** A person writes to the workflow of a conversation, with files; all of it is kept until it is sent. */
import { Paperclip } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import type { Session } from '../../../../src/contract/sessions.ts';
import { useAction } from '../../api/query.ts';
import { IconButton } from '../../components/button.tsx';
import { useDraft } from '../../components/draft.ts';
import { usePerson } from '../../components/person.ts';
import { ProblemNote } from '../../components/problem.tsx';
import { AttachmentChips } from './attachment-chips.tsx';
import { partOf } from './attachments.ts';
import { SendBox } from './send-box.tsx';
import { inputOf, type Talk } from './talk.ts';
import { useAttachments } from './use-attachments.ts';
import { useDrop } from './use-drop.ts';

interface MessageFormProps {
  readonly session: Session;
  readonly workflow: { readonly id: string; readonly name: string };
  readonly talk: Talk;
  /** Where files may be dropped. */
  readonly area: RefObject<HTMLElement | null>;
  /** Somebody may be writing an answer instead, while files are on their way. */
  readonly isShown: boolean;
  /** An execution answers. */
  readonly begun: (execution: string) => void;
}

export function MessageForm({ session, workflow: { id, name }, talk, area, isShown, begun }: MessageFormProps) {
  const [person] = usePerson();
  const text = useDraft(`session.${session.id}`, '');
  const attachments = useAttachments(`session.${session.id}`);
  const { files } = attachments;
  const [fault, setFault] = useState<Error>();
  const [isRefused, setRefused] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const execute = useAction('executeWorkflow', {
    failed: setFault,
    done: (answer) => {
      text.clear();
      attachments.clear();
      if ('executionId' in answer) begun(answer.executionId);
    },
  });
  const takesFiles = talk.attachments !== undefined;
  const attach = (chosen: readonly File[]) => {
    setRefused(!takesFiles);
    if (takesFiles) attachments.add(chosen);
  };
  const isOver = useDrop(area, (dropped) => isShown && attach(dropped));
  const send = () => {
    const message = text.value.trim();
    const parts = files.flatMap((file) => (file.state === 'sent' ? [partOf(file.sent)] : []));
    if (message === '' && parts.length === 0) return;
    setFault(undefined);
    const user = session.userId ?? (person || session.key);
    const input = inputOf(talk, { message, session: session.key, user, attachments: parts });
    execute.mutate({ params: { id }, body: { input } });
  };
  return (
    <>
      {isOver && (
        <div className="pointer-events-none absolute inset-2 z-10 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-panel/90 font-medium">
          {!isShown
            ? 'An answer in place of the agent takes no files'
            : takesFiles
              ? 'Drop them here: they go with your message'
              : `${name} takes no files`}
        </div>
      )}
      <div hidden={!isShown} className="flex flex-col gap-2 [&[hidden]]:hidden">
        {fault && <ProblemNote error={fault} />}
        <SendBox
          label={`Message to ${name}`}
          placeholder={`Message to ${name}; Shift+Enter begins a line`}
          text={text.value}
          type={text.set}
          send={send}
          verb="Send"
          busy={execute.isPending}
          held={files.some(({ state }) => state !== 'sent')}
          paste={attach}
          aside={
            <IconButton
              label={takesFiles ? 'Attach files' : `${name} takes no files`}
              className="mb-0.5"
              onClick={() => (takesFiles ? picker.current?.click() : setRefused(true))}
            >
              <Paperclip size={15} />
            </IconButton>
          }
        >
          <AttachmentChips {...attachments} />
          {files.some(({ state }) => state === 'failed') && (
            <p className="text-muted text-xs">Remove what did not arrive, or try it again: the rest waits for it.</p>
          )}
          {isRefused && !takesFiles && (
            <p role="alert" className="text-bad text-xs">
              {name} takes no files. Its agent would, with an <code>attachments</code> such as{' '}
              <code>{'{{ $trigger.attachments }}'}</code>.
            </p>
          )}
        </SendBox>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files to attach"
          onChange={({ target }) => {
            attach([...(target.files ?? [])]);
            // The same one may be chosen again.
            target.value = '';
          }}
        />
      </div>
    </>
  );
}
