/** The door: the one-time link of `npm start` signs in by itself, a key by hand. The page asked for stays in the address. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { CallerAnswer } from '../../../src/contract/sign-in.ts';
import { keyOf, useAction } from '../api/query.ts';
import { Button } from '../components/button.tsx';
import { Field, Input } from '../components/field.tsx';

export default function SignIn() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [key, setKey] = useState('');
  const [fault, setFault] = useState<string>();
  const signIn = useAction('signIn', {
    done: ({ projectId }) => {
      if (location.pathname === '/sign-in') void navigate({ to: '/', replace: true });
      const before = client.getQueryData<CallerAnswer>(keyOf('getSignIn'));
      // Of another project nothing that was read before may be shown again.
      if (before !== undefined && before.projectId !== projectId) void client.resetQueries();
      else void client.invalidateQueries();
    },
    failed: (error) => setFault(error.message),
  });
  const { mutate } = signIn;
  useEffect(() => {
    const link = takeLink();
    if (link !== undefined) mutate({ body: { link } });
  }, [mutate]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault(undefined);
    mutate({ body: { key: key.trim() } });
  };
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-5 p-6">
      <div className="flex items-center gap-3">
        <img src="/icon.svg" alt="" width={36} height={36} />
        <h1 className="font-semibold text-xl">Sign in to Myelin</h1>
      </div>
      <form onSubmit={submit} className="flex flex-col gap-4 rounded-lg border border-line bg-panel p-5">
        <Field
          label="API key"
          fault={fault}
          hint={
            <>
              The first start printed it and keeps it in <code>.myelin/credentials.json</code>.
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
      <p className="text-faint text-xs">
        Or run <code className="rounded-sm bg-hover px-1">npx myelin open</code> on the server's machine: it prints a
        link that signs this browser in.
      </p>
    </main>
  );
}

/** Taken out of the address at once, so that it is in no history. */
function takeLink(): string | undefined {
  const token = location.hash.slice(1);
  if (location.pathname !== '/sign-in' || token === '') return undefined;
  history.replaceState(null, '', '/sign-in');
  return token;
}
