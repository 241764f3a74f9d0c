/** Limits over what may be spent, each with how much of it is gone. */
import { Trash2 } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import type { BudgetAnswer, NewBudget } from '../../../../src/contract/ledger.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Confirm, Dialog } from '../../components/dialog.tsx';
import { useDraft } from '../../components/draft.ts';
import { Field, Input, Select } from '../../components/field.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { money } from '../../components/money.ts';
import { ProblemNote } from '../../components/problem.tsx';

export function Budgets() {
  const budgets = useApi('listBudgets');
  const [adding, setAdding] = useState(false);
  return (
    <aside className="overflow-auto border-line border-t p-4 xl:border-t-0 xl:border-l">
      <header className="mb-3 flex items-center justify-between">
        <h2 className="font-medium">Budgets</h2>
        <Button operation="setBudget" onClick={() => setAdding(true)}>
          Set a budget
        </Button>
      </header>
      <Loaded
        query={budgets}
        isEmpty={hasNone}
        empty={
          <p className="text-muted">
            No limit is set. A budget stops agents of a workflow, user, session or the project before they spend more.
          </p>
        }
      >
        {({ items }) => (
          <ul className="flex flex-col gap-3">
            {items.map((one) => (
              <Budget key={`${one.scope} ${one.key} ${one.per} ${one.account}`} budget={one} />
            ))}
          </ul>
        )}
      </Loaded>
      {adding && <NewBudgetDialog close={() => setAdding(false)} />}
    </aside>
  );
}

function Budget({
  budget: { scope, key, per, account, spent, reserved, limit, granted, currency },
}: {
  readonly budget: BudgetAnswer;
}) {
  const remove = useAction('removeBudget');
  const share = limit === 0 ? 1 : Math.min(1, spent / limit);
  const held = limit === 0 ? 0 : Math.min(1 - share, reserved / limit);
  const color = share >= 1 ? 'bg-bad' : share > 0.8 ? 'bg-warn' : 'bg-accent';
  const name = scope === 'project' ? 'the project' : key === '*' ? `each ${scope}` : `${scope} ${key}`;
  return (
    <li className="rounded-md border border-line p-3">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">
          {name} <span className="font-normal text-faint">{per === 'day' ? 'a day' : 'in all'}</span>
        </span>
        <Confirm
          title="Remove this budget?"
          description={`Nothing limits ${name} by it any more.`}
          confirm="Remove it"
          run={() => remove.mutate({ query: { scope, key, per } })}
        >
          {(ask) => (
            <IconButton operation="removeBudget" label={`Remove the budget of ${name}`} onClick={ask}>
              <Trash2 size={14} />
            </IconButton>
          )}
        </Confirm>
      </div>
      {scope !== 'project' && key === '*' && <p className="truncate text-faint text-xs">{account}</p>}
      <div
        className="mt-2 flex h-1.5 overflow-hidden rounded-full bg-hover"
        role="img"
        aria-label={`${Math.round(share * 100)} % spent`}
      >
        <div className={color} style={{ width: `${share * 100}%` }} />
        <div className="bg-info opacity-40" style={{ width: `${held * 100}%` }} />
      </div>
      <p className="mt-1 text-muted text-xs tabular-nums">
        {money(spent, currency)} of {money(limit, currency)}
        {granted > 0 && ` · ${money(granted, currency)} granted besides`}
        {reserved > 0 && ` · ${money(reserved, currency)} on its way`}
      </p>
    </li>
  );
}

const SCOPES: readonly NewBudget['scope'][] = ['project', 'workflow', 'session', 'user'];

interface Typed {
  readonly scope: NewBudget['scope'];
  readonly key: string;
  readonly per: 'total' | 'day';
  readonly limit: string;
  /** '': that of the prices. */
  readonly currency: string;
}

const FIRST: Typed = { scope: 'project', key: '*', per: 'day', limit: '', currency: '' };

/** In which models have their prices: a limit in another one would hold nothing. */
function useCurrencies(): readonly string[] {
  const models = useApi('listModels');
  return [...new Set(models.data?.items.flatMap(({ price }) => (price ? [price.currency] : [])))];
}

function NewBudgetDialog({ close }: { readonly close: () => void }) {
  const draft = useDraft('budget', FIRST);
  const { scope, key, per, limit, currency: typed } = { ...FIRST, ...draft.value };
  const currencies = useCurrencies();
  const currency = typed === '' ? (currencies[0] ?? 'USD') : typed;
  const listed = useId();
  const type = (typed: Partial<Typed>) => draft.set({ ...FIRST, ...draft.value, ...typed });
  const [problem, setProblem] = useState<Error>();
  const done = () => {
    draft.clear();
    close();
  };
  const set = useAction('setBudget', { done, failed: setProblem });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ body: { scope, per, limit: Number(limit), currency, ...(scope !== 'project' && { key }) } });
  };
  return (
    <Dialog
      open
      onClose={close}
      title="Set a budget"
      description="It holds from the next call of a model. What was spent already counts."
      actions={
        <Button kind="primary" type="submit" form="budget" busy={set.isPending} disabled={limit === ''}>
          Set it
        </Button>
      }
    >
      <form id="budget" onSubmit={submit} className="flex flex-col gap-3">
        <Field label="Of">
          {(ids) => (
            <Select
              {...ids}
              value={scope}
              onChange={(event) => type({ scope: event.target.value as NewBudget['scope'] })}
              options={SCOPES}
            />
          )}
        </Field>
        {scope !== 'project' && (
          <Field label="Which" hint={`Name, key or id; * means that each ${scope} has this limit of its own.`}>
            {(ids) => <Input {...ids} value={key} onChange={(event) => type({ key: event.target.value })} required />}
          </Field>
        )}
        <div className="grid grid-cols-[minmax(0,1fr)_6rem] gap-3">
          <Field label="Limit">
            {(ids) => (
              <Input
                {...ids}
                type="number"
                min={0}
                step="any"
                value={limit}
                onChange={(event) => type({ limit: event.target.value })}
                required
              />
            )}
          </Field>
          <Field label="Currency">
            {(ids) => (
              <Input
                {...ids}
                list={listed}
                pattern="[A-Z]{3}"
                title="Three letters, as the prices of models have them"
                maxLength={3}
                value={currency}
                onChange={(event) => type({ currency: event.target.value.toUpperCase() })}
                required
              />
            )}
          </Field>
          <datalist id={listed}>
            {currencies.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </div>
        <Field label="For">
          {(ids) => (
            <Select
              {...ids}
              value={per}
              onChange={(event) => type({ per: event.target.value as Typed['per'] })}
              options={[
                { value: 'day', label: 'each day (UTC)' },
                { value: 'total', label: 'all time' },
              ]}
            />
          )}
        </Field>
        {problem && <ProblemNote error={problem} />}
      </form>
    </Dialog>
  );
}
