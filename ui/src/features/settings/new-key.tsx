/** A key is made: name, role, lifetime; then it is shown, this once. */
import { Copy } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { MadeKeyAnswer } from '../../../../src/contract/keys.ts';
import { covers, KEY_ROLES, type KeyRole, ROLE_WORDS } from '../../../../src/core/keys/roles.ts';
import { useAction } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useDraft } from '../../components/draft.ts';
import { Field, Input, Select } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { endOf, lifetimesFor } from './lifetimes.ts';

const LONGEST_NAME = 64;

interface NewKeyProps {
  /** Of the key that makes it. */
  readonly role: KeyRole;
  /** When that one expires (ms); null: never. */
  readonly end: number | null;
  readonly onClose: () => void;
}

export function NewKey({ role, end, onClose }: NewKeyProps) {
  const [made, setMade] = useState<MadeKeyAnswer>();
  return made === undefined ? (
    <Asked role={role} end={end} onClose={onClose} onMade={setMade} />
  ) : (
    <Shown made={made} onClose={onClose} />
  );
}

interface Typed {
  readonly name: string;
  readonly wanted: KeyRole;
  readonly lifetime: string;
}

function Asked({ role, end, onClose, onMade }: NewKeyProps & { readonly onMade: (made: MadeKeyAnswer) => void }) {
  const lifetimes = lifetimesFor(end, Date.now());
  const draft = useDraft<Typed>('key', { name: '', wanted: 'viewer', lifetime: lifetimes.at(-1)?.value ?? '' });
  const { name } = draft.value;
  // Typed under another key, which may do more or serve longer.
  const wanted = covers(role, draft.value.wanted) ? draft.value.wanted : 'viewer';
  const lifetime = lifetimes.some(({ value }) => value === draft.value.lifetime)
    ? draft.value.lifetime
    : (lifetimes.at(-1)?.value ?? '');
  const type = (typed: Partial<Typed>) => draft.set({ ...draft.value, ...typed });
  const [problem, setProblem] = useState<Error>();
  const done = (made: MadeKeyAnswer) => {
    draft.clear();
    onMade(made);
  };
  const create = useAction('createKey', { done, failed: setProblem });
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (name.trim() === '' || create.isPending) return;
    setProblem(undefined);
    create.mutate({ body: { name: name.trim(), role: wanted, expiresAt: endOf(lifetime, end, Date.now()) } });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="New key"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={name.trim() === ''} busy={create.isPending} onClick={() => send()}>
            Make it
          </Button>
        </>
      }
    >
      <form onSubmit={send} className="flex flex-col gap-3">
        <Field label="Name" hint="Say who uses it: what it decides is known by this name">
          {(ids) => (
            <Input
              {...ids}
              data-first
              placeholder="ci, billing, Ada"
              maxLength={LONGEST_NAME}
              value={name}
              onChange={(event) => type({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Role" hint={ROLE_WORDS[wanted]}>
          {(ids) => (
            <Select
              {...ids}
              className="w-full!"
              value={wanted}
              options={KEY_ROLES.filter((one) => covers(role, one))}
              onChange={(event) => type({ wanted: event.target.value as KeyRole })}
            />
          )}
        </Field>
        <Field label="Serves" hint={end === null ? undefined : 'Your own key expires, and makes none that outlives it'}>
          {(ids) => (
            <Select
              {...ids}
              className="w-full!"
              value={lifetime}
              options={lifetimes}
              onChange={(event) => type({ lifetime: event.target.value })}
            />
          )}
        </Field>
        {problem && <ProblemNote error={problem} />}
      </form>
    </Dialog>
  );
}

/** Nobody can show it again, so whoever leaves without it is asked once. */
function Shown({ made: { key, secret }, onClose }: { readonly made: MadeKeyAnswer; readonly onClose: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const [isWarned, setWarned] = useState(false);
  const take = () => {
    setCopied(true);
    void copy(secret, 'The key is copied');
  };
  const leave = () => (isCopied || isWarned ? onClose() : setWarned(true));
  return (
    <Dialog
      open
      onClose={leave}
      title={`The key ${key.name}`}
      description="Keep it now, where you keep passwords: it is shown this once, and the server stores only its hash."
      actions={
        <>
          <Button onClick={leave}>{isWarned && !isCopied ? 'Close without it' : 'Done'}</Button>
          <Button kind="primary" icon={<Copy size={14} />} data-first onClick={take}>
            Copy
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <code className="select-all rounded-md border border-line bg-panel px-3 py-2.5 font-mono text-xs [overflow-wrap:anywhere]">
          {secret}
        </code>
        <p className="text-muted">
          Programs send it as <code>Authorization: Bearer KEY</code>, commands take it from <code>MYELIN_API_KEY</code>,
          and a person signs in by it.
        </p>
        <p role="status" className="text-warn empty:hidden">
          {isWarned && !isCopied && 'You have not copied it. Without it you can only revoke it and make another.'}
        </p>
      </div>
    </Dialog>
  );
}
