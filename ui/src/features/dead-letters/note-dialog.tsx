/** Puts letters away, with a note that says why. */
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input, TextArea } from '../../components/field.tsx';
import { usePerson } from '../../components/person.ts';
import type { Note } from './bulk.ts';

interface NoteDialogProps {
  readonly title: string;
  readonly description: string;
  readonly confirm: string;
  readonly onClose: () => void;
  readonly run: (note: Note) => void;
}

export function NoteDialog({ title, description, confirm, onClose, run }: NoteDialogProps) {
  const [by, setBy] = usePerson();
  const [note, setNote] = useState('');
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    onClose();
    run({ ...(note.trim() && { note: note.trim() }), ...(by.trim() && { by: by.trim() }) });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" onClick={() => submit()}>
            {confirm}
          </Button>
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label="Note (optional)" hint="Kept with the letter">
          {(ids) => (
            <TextArea
              {...ids}
              autoFocus
              maxLength={2_000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <Field label="Who (optional)">
          {(ids) => (
            <Input
              {...ids}
              autoComplete="name"
              maxLength={200}
              placeholder="Your name"
              value={by}
              onChange={(event) => setBy(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
