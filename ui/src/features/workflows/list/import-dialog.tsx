/** Files become workflows: dropped or chosen, each saved at once or told what is wrong with it and where. */
import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { FileUp } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import { ApiProblem } from '../../../api/problem.ts';
import { useAction } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { nameIn } from './name-in.ts';

interface Outcome {
  readonly file: string;
  readonly text: string;
  readonly saved?: { readonly id: string; readonly name: string; readonly version: number };
  readonly error?: Error;
}

const LARGEST_BYTES = 5_000_000;

export function ImportDialog({ close }: { readonly close: () => void }) {
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [isOver, setIsOver] = useState(false);
  const create = useAction('createWorkflow', { failed: () => {} });
  const update = useAction('updateWorkflow', { failed: () => {} });
  const put = (outcome: Outcome) =>
    setOutcomes((list) => [...list.filter(({ file }) => file !== outcome.file), outcome]);
  const settle = (file: string, text: string, work: Promise<NonNullable<Outcome['saved']>>) =>
    work.then((saved) => put({ file, text, saved })).catch((error: Error) => put({ file, text, error }));
  const take = async (files: Iterable<File>) => {
    for (const file of files) {
      if (file.size > LARGEST_BYTES) {
        put({ file: file.name, text: '', error: new Error('It is too large for a workflow') });
        continue;
      }
      const text = await file.text();
      await settle(file.name, text, create.mutateAsync({ body: text }));
    }
  };
  const replace = ({ file, text }: Outcome, name: string) =>
    void settle(file, text, update.mutateAsync({ params: { id: name }, body: text }));
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void take([...event.dataTransfer.files]);
  };
  return (
    <Dialog
      open
      onClose={close}
      title="Import workflows"
      actions={<Button onClick={close}>{outcomes.some(({ saved }) => saved) ? 'Done' : 'Cancel'}</Button>}
    >
      <label
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={clsx(
          'flex cursor-pointer flex-col items-center gap-2 rounded-lg border border-dashed px-4 py-8 text-center focus-within:border-accent hover:bg-hover',
          isOver ? 'border-accent bg-accent-soft' : 'border-strong',
        )}
      >
        <FileUp size={20} className="text-muted" />
        <span className="font-medium">Drop files here, or choose them</span>
        <span className="text-muted text-xs">One workflow each, as YAML or JSON. They are saved as drafts.</span>
        <input
          type="file"
          multiple
          accept=".yaml,.yml,.json"
          className="sr-only"
          onChange={(event) => {
            void take([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </label>
      <ul className="mt-3 flex flex-col gap-3" aria-live="polite">
        {outcomes.map((outcome) => (
          <li key={outcome.file}>
            <OutcomeRow outcome={outcome} replace={replace} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

interface OutcomeRowProps {
  readonly outcome: Outcome;
  readonly replace: (outcome: Outcome, name: string) => void;
}

function OutcomeRow({ outcome, replace }: OutcomeRowProps) {
  const { file, text, saved, error } = outcome;
  const name = error instanceof ApiProblem && error.status === 409 ? nameIn(text) : undefined;
  if (saved) {
    return (
      <p className="flex items-center gap-2">
        <span className="size-2 rounded-full bg-ok" /> {file} is{' '}
        <Link to="/workflows/$id" params={{ id: saved.id }} className="text-accent hover:underline">
          {saved.name}, version {saved.version}
        </Link>
      </p>
    );
  }
  if (!error) return null;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="font-medium">{file}</p>
      <ProblemNote error={error} />
      {name !== undefined && (
        <div>
          <Button onClick={() => replace(outcome, name)}>Save it as a new version of {name}</Button>
        </div>
      )}
    </div>
  );
}
