/** By which rules dead letters are tried again without a person, one for each kind of trouble. */
import { useState } from 'react';
import type { Answer } from '../../api/call.ts';
import { useAction, useApi } from '../../api/query.ts';
import { useRefusal } from '../../api/role.ts';
import { Button } from '../../components/button.tsx';
import { Check, Field, Input } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Badge } from '../../components/status.tsx';
import { toast } from '../../components/toast.tsx';
import { CATEGORY_WORDS } from './categories.ts';
import { faultOfDelay, inWords } from './rule-words.ts';

type Rule = Answer<'getDeadLetterRules'>['items'][number];

export default function RulesView() {
  const rules = useApi('getDeadLetterRules');
  const refusal = useRefusal()('setDeadLetterRule');
  if (rules.error && rules.data === undefined) {
    return (
      <div className="p-6">
        <ProblemNote error={rules.error} retry={() => void rules.refetch()} />
      </div>
    );
  }
  if (rules.data === undefined) return <Loading />;
  return (
    <div className="h-full overflow-auto px-4 py-4 md:px-6">
      <div className="flex max-w-3xl flex-col gap-3">
        <p className="text-muted">
          A rule tries a new dead letter again by itself, after a delay that doubles with each try. Tries by hand count
          as well. What may do harm is never tried by a rule: an effect in doubt, one that cannot be undone, a node that
          kills its process. A message that could not be delivered waits for a person.
        </p>
        {refusal && <p>You can read them here, not change them. {refusal}</p>}
        <fieldset disabled={refusal !== undefined} className="flex flex-col gap-3">
          {rules.data.items.map((rule) => (
            <RuleForm key={rule.category} rule={rule} />
          ))}
        </fieldset>
      </div>
    </div>
  );
}

function RuleForm({ rule }: { readonly rule: Rule }) {
  const { name, about } = CATEGORY_WORDS[rule.category];
  const [typed, setTyped] = useState<Partial<Pick<Rule, 'enabled' | 'delay'> & { limit: string }>>({});
  const [problem, setProblem] = useState<Error>();
  const { enabled, delay, limit } = { ...rule, limit: String(rule.limit), ...typed };
  const isChanged = enabled !== rule.enabled || delay.trim() !== rule.delay || Number(limit) !== rule.limit;
  const delayFault = faultOfDelay(delay);
  const isLimit = /^\d+$/.test(limit.trim()) && Number(limit) <= 20;
  const save = useAction('setDeadLetterRule', {
    done: () => {
      setTyped({});
      toast({
        tone: 'ok',
        title: `The rule for ${name.toLowerCase()} is saved; it holds for what is new already, too.`,
      });
    },
    failed: setProblem,
  });
  const isSound = delayFault === undefined && isLimit;
  return (
    <form
      aria-label={name}
      className="flex flex-col gap-3 rounded-lg border border-line bg-panel p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSound || !isChanged) return;
        setProblem(undefined);
        save.mutate({ body: { category: rule.category, enabled, delay: delay.trim(), limit: Number(limit) } });
      }}
    >
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="font-medium">{name}</h2>
        {rule.own ? <Badge tone="accent">set by this project</Badge> : <Badge>default</Badge>}
        <p className="basis-full text-muted">{about}</p>
      </div>
      <div className="grid items-start gap-3 sm:grid-cols-[auto_9rem_9rem_1fr]">
        <div className="sm:pt-6">
          <Check
            label="Try again by itself"
            checked={enabled}
            onChange={(event) => setTyped({ ...typed, enabled: event.target.checked })}
          />
        </div>
        <Field label="First try after" fault={delayFault}>
          {(ids) => (
            <Input {...ids} value={delay} onChange={(event) => setTyped({ ...typed, delay: event.target.value })} />
          )}
        </Field>
        <Field label="Tries at most" fault={isLimit ? undefined : 'A whole number, 0 to 20'}>
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              value={limit}
              onChange={(event) => setTyped({ ...typed, limit: event.target.value })}
            />
          )}
        </Field>
        <div className="flex gap-2 sm:justify-end sm:pt-5">
          {isChanged && (
            <Button kind="quiet" onClick={() => setTyped({})}>
              Undo
            </Button>
          )}
          <Button
            operation="setDeadLetterRule"
            type="submit"
            kind={isChanged ? 'primary' : 'plain'}
            disabled={!isChanged || !isSound}
            busy={save.isPending}
          >
            Save
          </Button>
        </div>
      </div>
      {isSound && (
        <p className="text-faint text-xs">{inWords({ enabled, delay: delay.trim(), limit: Number(limit) })}</p>
      )}
      {problem && <ProblemNote error={problem} />}
    </form>
  );
}
