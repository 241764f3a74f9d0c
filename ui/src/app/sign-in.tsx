/** The door: the one-time link of `npm start` signs in by itself, a key by hand. The page asked for stays in the address. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { CallerAnswer } from '../../../src/contract/sign-in.ts';
import { useAction } from '../api/query.ts';
import { SignInForm, useSignedIn } from './sign-in-form.tsx';

export default function SignIn() {
  const navigate = useNavigate();
  const [fault, setFault] = useState<string>();
  const signedIn = useSignedIn();
  const done = (caller: Pick<CallerAnswer, 'projectId'>) => {
    if (location.pathname === '/sign-in') void navigate({ to: '/', replace: true });
    signedIn(caller);
  };
  const { mutate } = useAction('signIn', { done, failed: (error) => setFault(error.message) });
  useEffect(() => {
    const link = takeLink();
    if (link !== undefined) mutate({ body: { link } });
  }, [mutate]);
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-5 p-6">
      <div className="flex items-center gap-3">
        <img src="/icon.svg" alt="" width={36} height={36} />
        <h1 className="font-semibold text-xl">Sign in to Myelin</h1>
      </div>
      <div className="rounded-lg border border-line bg-panel p-5">
        <SignInForm done={done} fault={fault} />
      </div>
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
