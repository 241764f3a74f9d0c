/** Sets a group of event triggers to another place of the log. */
import { useState } from 'react';
import { useAction } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { toast } from '../../components/toast.tsx';
import { counted, type Group, nameOf } from './group.ts';

const PLACES = [
  { value: 'latest', label: 'The end: pass over what it has before it' },
  { value: 'earliest', label: 'The beginning of the log' },
  { value: 'time', label: 'A time' },
];
const FORM = 'reset-group';

export default function ResetGroup({ group, onClose }: { readonly group: Group; readonly onClose: () => void }) {
  const [place, setPlace] = useState('latest');
  const [time, setTime] = useState('');
  const reset = useAction('resetEventGroup', {
    done: ({ lag }) => {
      toast({ tone: 'ok', title: `${nameOf(group)} goes on from there, with ${counted(lag)} before it` });
      onClose();
    },
    // It stands in the dialog.
    failed: () => undefined,
  });
  const to = place === 'time' ? time && new Date(time).toISOString() : place;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Where ${nameOf(group)} goes on`}
      description={
        place === 'latest'
          ? 'Messages that it has before it never start its workflows.'
          : 'What it reads again starts its workflows again, and nobody else’s.'
      }
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={FORM} kind="primary" busy={reset.isPending}>
            Set it there
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          reset.mutate({ params: { id: group.id }, body: { to } });
        }}
      >
        <Field label="Place in the log">
          {(ids) => (
            <Select
              {...ids}
              data-first
              options={PLACES}
              value={place}
              onChange={(event) => setPlace(event.target.value)}
            />
          )}
        </Field>
        {place === 'time' && (
          <Field label="Written then or later" hint="In your time zone">
            {(ids) => (
              <Input
                {...ids}
                type="datetime-local"
                required
                value={time}
                onChange={(event) => setTime(event.target.value)}
              />
            )}
          </Field>
        )}
        {reset.error && <ProblemNote error={reset.error} />}
      </form>
    </Dialog>
  );
}
