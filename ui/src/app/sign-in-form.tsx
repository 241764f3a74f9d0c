/** A key by hand: of the page that signs in, and of the dialog over a page whose sign-in is over. */
import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { CallerAnswer } from '../../../src/contract/sign-in.ts';
import { keyOf, useAction } from '../api/query.ts';
import { Button } from '../components/button.tsx';
import { Field, Input } from '../components/field.tsx';

/** Reads again what was read before; of another project nothing of that may be shown. */
export function useSignedIn(): (caller: Pick<CallerAnswer, 'projectId'>) => void {
  const client = useQueryClient();
  return ({ projectId }) => {
    const before = client.getQueryData<CallerAnswer>(keyOf('getSignIn'));
    if (before !== undefined && before.projectId !== projectId) void client.resetQueries();
    else void client.invalidateQueries();
  };
}

interface SignInFormProps {
  readonly done: (caller: Pick<CallerAnswer, 'projectId'>) => void;
  /** What went wrong before anything was typed, such as with a link. */
  readonly fault?: string | undefined;
}

export function SignInForm({ done, fault }: SignInFormProps) {
  const [key, setKey] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const signIn = useAction('signIn', { done, failed: (error) => setRefusal(error.message) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setRefusal(undefined);
    signIn.mutate({ body: { key: key.trim() } });
  };
  return (
    <>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="API key"
          fault={refusal ?? fault}
          hint={
            <>
              The first start printed it and keeps it in <code>credentials.json</code> in <code>MYELIN_HOME</code>,
              which is <code>.myelin</code> if nothing else is set.
            </>
          }
        >
          {(ids) => (
            <Input
              {...ids}
              type="password"
              autoComplete="current-password"
              autoFocus
              value={key}
              onChange={(event) => setKey(event.target.value)}
              placeholder="myl_…"
            />
          )}
        </Field>
        <Button
          type="submit"
          kind="primary"
          icon={<KeyRound size={14} />}
          busy={signIn.isPending}
          disabled={key.trim() === ''}
        >
          Sign in
        </Button>
      </form>
      <p className="mt-4 text-faint text-xs">
        Or run <code className="rounded-sm bg-hover px-1">npx myelin open</code> on the server's machine: it prints a
        link that signs this browser in.
      </p>
    </>
  );
}
