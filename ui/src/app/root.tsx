/** Around every page: who is signed in, the sidebar, the palette. */
import { createRootRoute, Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { onSignedOut } from '../api/call.ts';
import { entering } from '../api/entering.ts';
import { goLive, leave } from '../api/live.ts';
import { ApiProblem } from '../api/problem.ts';
import { queryClient, queryOf, useApi } from '../api/query.ts';
import { RoleContext } from '../api/role.ts';
import { Empty } from '../components/empty.tsx';
import { Loading } from '../components/loading.tsx';
import { ProblemNote } from '../components/problem.tsx';
import { Shell } from './shell.tsx';

const SignIn = lazy(() => import('./sign-in.tsx'));
const SignInAgain = lazy(() => import('./sign-in-again.tsx'));

const ME = { staleTime: 60_000 };

export const rootRoute = createRootRoute({
  loader: ({ cause }) => entering(cause, () => [queryClient.prefetchQuery({ ...queryOf('getSignIn'), ...ME })]),
  component: Root,
  errorComponent: ({ error, reset }) => (
    <div className="p-6">
      <ProblemNote error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
    </div>
  ),
  notFoundComponent: () => <Empty title="There is no page at this address" action={<a href="/">To the overview</a>} />,
});

function Root() {
  const me = useApi('getSignIn', {}, ME);
  const isAsked = me.error instanceof ApiProblem && me.error.status === 401;
  // A later answer that fails leaves what is there: whoever is in stays in while the server is away.
  const isIn = me.data !== undefined && !isAsked;
  useEffect(() => {
    if (isIn) goLive();
    return leave;
  }, [isIn]);
  // Anything that is refused tells that the sign-in is over.
  const { refetch } = me;
  useEffect(() => onSignedOut(() => void refetch()), [refetch]);
  if (isAsked && me.data === undefined) {
    return (
      <Suspense fallback={<Loading />}>
        <SignIn />
      </Suspense>
    );
  }
  if (!isIn && me.error && !isAsked) {
    return (
      <div className="mx-auto max-w-xl p-8">
        <ProblemNote error={me.error} retry={() => void me.refetch()} />
      </div>
    );
  }
  // Most who come are signed in: the page does not wait for the answer.
  return (
    <RoleContext value={me.data?.role}>
      <Shell name={me.data?.name ?? ''}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
        {isAsked && (
          <Suspense fallback={null}>
            <SignInAgain key={me.errorUpdatedAt} />
          </Suspense>
        )}
      </Shell>
    </RoleContext>
  );
}
