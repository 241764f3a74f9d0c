/** Filters by a name, kept in this browser. */
import { Bookmark } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Menu } from '../../components/menu.tsx';
import { keep, readKept } from '../../components/storage.ts';

type Filter = Readonly<Record<string, string | undefined>>;
type Saved = Readonly<Record<string, Filter>>;

const PLACE = 'myelin.filters.executions';

function read(): Saved {
  try {
    return JSON.parse(readKept(PLACE) ?? '{}') as Saved;
  } catch {
    return {};
  }
}

export function SavedFilters({
  present,
  choose,
}: {
  readonly present: Filter;
  readonly choose: (filter: Filter) => void;
}) {
  const [saved, setSaved] = useState(read);
  const [name, setName] = useState<string>();
  const put = (next: Saved) => {
    keep(PLACE, JSON.stringify(next));
    setSaved(next);
  };
  const names = Object.keys(saved);
  const same = names.find((one) => JSON.stringify(saved[one]) === JSON.stringify(present));
  const items = [
    ...names.map((one) => ({ label: one, run: () => choose(saved[one] ?? {}) })),
    { label: 'Save these filters…', disabled: Object.keys(present).length === 0, run: () => setName('') },
    ...(same === undefined
      ? []
      : [
          {
            label: `Forget "${same}"`,
            danger: true,
            run: () => put(Object.fromEntries(Object.entries(saved).filter(([one]) => one !== same))),
          },
        ]),
  ];
  const save = () => {
    if (name === undefined || name.trim() === '') return;
    put({ ...saved, [name.trim()]: present });
    setName(undefined);
  };
  return (
    <>
      <Menu items={items}>
        <Button kind="quiet" icon={<Bookmark size={14} />}>
          {same ?? 'Saved filters'}
        </Button>
      </Menu>
      <Dialog
        open={name !== undefined}
        onClose={() => setName(undefined)}
        title="Save these filters"
        actions={
          <Button kind="primary" onClick={save} disabled={name?.trim() === ''}>
            Save
          </Button>
        }
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Field label="Name">
            {(ids) => <Input {...ids} value={name ?? ''} onChange={(event) => setName(event.target.value)} />}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
