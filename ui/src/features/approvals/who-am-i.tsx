/** Whose inbox it is: a name and groups, kept in this browser. */
import { UserRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { namesIn } from '../../components/names-in.ts';
import { become, namesOf, useMe } from '../../components/person.ts';

/** `onSaid`: there is a name now. */
export function WhoAmI({ onSaid }: { readonly onSaid: () => void }) {
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        kind="quiet"
        icon={<UserRound size={14} />}
        className="min-w-0 max-w-56"
        title="Who you are, for what waits for you"
        onClick={() => setOpen(true)}
      >
        <span className="truncate">{namesOf(me).join(', ') || 'Who are you?'}</span>
      </Button>
      {isOpen && <WhoDialog onClose={() => setOpen(false)} onSaid={onSaid} />}
    </>
  );
}

function WhoDialog({ onClose, onSaid }: { readonly onClose: () => void; readonly onSaid: () => void }) {
  const me = useMe();
  const [name, setName] = useState(me.name);
  const [groups, setGroups] = useState(me.groups.join(', '));
  const save = (event?: FormEvent) => {
    event?.preventDefault();
    become({ name: name.trim(), groups: namesIn(groups).map((one) => one.slice(0, 200)) });
    if (name.trim() !== '') onSaid();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Who are you?"
      description="What asks one of these names, or nobody by name, waits for you. This browser keeps them."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" onClick={() => save()}>
            Save
          </Button>
        </>
      }
    >
      <form onSubmit={save} className="flex flex-col gap-3">
        <Field label="Name" hint="As workflows name you">
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              autoComplete="name"
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Groups" hint="Such as finance, leads: with commas between them">
          {(ids) => (
            <Input {...ids} maxLength={2_000} value={groups} onChange={(event) => setGroups(event.target.value)} />
          )}
        </Field>
        {/* Without it, Enter in one of two fields sends nothing. */}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
