/** Chooses what of the log starts which workflow once more, and says how much that is before anything is started. */
import { useNavigate } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useAction, useApi, useApiAll } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useDraft } from '../../components/draft.ts';
import { Check, Field, Input, Select } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { DryRun } from './dry-run.tsx';
import { isWhole, startsNothing } from './dry-words.ts';
import { filterOf, type MessageSearch } from './filter.ts';

const NOTHING = { type: '', topic: '', key: '', from: '', to: '', workflow: '', trigger: '', suppressed: false };
const SETTLED_MS = 300;

/** A day of the filters of the page, as the field with a time takes it. */
const withTime = (day: string | undefined): string => (day ? `${day}T00:00` : '');

interface ReplayDialogProps {
  readonly search: MessageSearch;
  readonly onClose: () => void;
}

export default function ReplayDialog({ search, onClose }: ReplayDialogProps) {
  const navigate = useNavigate();
  const { type = '', topic = '', key = '' } = search;
  const shown = { ...NOTHING, type, topic, key, from: withTime(search.from), to: withTime(search.to) };
  // What was chosen for other filters of the page is not what is meant now.
  const draft = useDraft(`replay.${JSON.stringify(filterOf(search))}`, shown);
  const form = { ...NOTHING, ...draft.value };
  const change = (part: Partial<typeof NOTHING>) => draft.set({ ...form, ...part });
  const workflows = useApi('listWorkflows', { query: { limit: 200, status: 'active' } });
  const triggers = useApiAll('listProjectTriggers');
  const listening = (triggers.data?.items ?? []).filter(
    (one) => one.type === 'event' && one.workflowId === form.workflow,
  );
  const body = {
    filter: filterOf(form),
    workflow: form.workflow,
    ...(listening.some(({ name }) => name === form.trigger) && { trigger: form.trigger }),
    effects: form.suppressed ? ('suppress' as const) : ('run' as const),
  };
  const settled = useSettled(body);
  const dry = useApi(
    'startReplay',
    { body: { ...settled, dryRun: true } },
    { enabled: settled.workflow !== '', keep: true },
  );
  const start = useAction('startReplay', {
    done: () => {
      draft.clear();
      onClose();
      void navigate({ to: '/messages', search: { ...search, view: 'replays' } });
    },
    // It stands in the dialog.
    failed: () => undefined,
  });
  const counted = dry.data !== undefined && 'dryRun' in dry.data && !dry.error ? dry.data : undefined;
  const isCurrent = JSON.stringify(settled) === JSON.stringify(body) && !dry.isPlaceholderData;
  const text = (name: 'type' | 'topic' | 'key', label: string, placeholder: string) => (
    <Field label={label}>
      {(ids) => (
        <Input
          {...ids}
          placeholder={placeholder}
          value={form[name]}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const time = (name: 'from' | 'to', label: string) => (
    <Field label={label}>
      {(ids) => (
        <Input
          {...ids}
          type="datetime-local"
          value={form[name]}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Replay messages"
      description="Messages of the log start a workflow once more, in their order and behind live work."
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            kind="primary"
            icon={<History size={14} />}
            disabled={counted === undefined || startsNothing(counted) || !isCurrent}
            busy={start.isPending}
            onClick={() => start.mutate({ body })}
          >
            {counted && isWhole(counted) && counted.taken > 0 ? `Replay ${counted.taken.toLocaleString()}` : 'Replay'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Into the workflow">
          {(ids) => (
            <Select
              {...ids}
              className="w-full"
              value={form.workflow}
              onChange={(event) => change({ workflow: event.target.value, trigger: '' })}
              options={[
                { value: '', label: 'Choose an active workflow' },
                ...(workflows.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
          )}
        </Field>
        {listening.length > 1 && (
          <Field label="As its trigger">
            {(ids) => (
              <Select
                {...ids}
                value={form.trigger}
                onChange={(event) => change({ trigger: event.target.value })}
                options={listening.map(({ name, config }) => ({ value: name, label: `${name} (${config.event})` }))}
              />
            )}
          </Field>
        )}
        <div className="grid grid-cols-3 gap-3">
          {text('type', 'Type', 'any, or order.*')}
          {text('topic', 'Topic', 'any')}
          {text('key', 'Key', 'any')}
        </div>
        <div className="grid grid-cols-2 gap-3">
          {time('from', 'Written from')}
          {time('to', 'Written before')}
        </div>
        <Check
          label="Suppress effects: nodes that act only say what they would do"
          checked={form.suppressed}
          onChange={(event) => change({ suppressed: event.target.checked })}
        />
        {form.workflow !== '' && dry.error && <ProblemNote error={dry.error} />}
        {form.workflow !== '' && counted && <DryRun dry={counted} />}
        {start.error && <ProblemNote error={start.error} />}
      </div>
    </Dialog>
  );
}

/** The value once it has not changed for a moment, so that not every letter is asked about. */
function useSettled<T>(value: T): T {
  const text = JSON.stringify(value);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return JSON.parse(settled) as T;
}
