/** One function for every operation of the API; what it takes and answers follows from the table of routes. */
import table from 'virtual:routes';
import type { z } from 'zod';
import type { ROUTES } from '../../../src/contract/routes.ts';
import { ApiProblem, problemOf } from './problem.ts';
import { hearTime } from './server-time.ts';

type Table = typeof ROUTES;
export type OperationId = keyof Table;

type Part<R, K extends string> = R extends { readonly [P in K]: infer S extends z.ZodType } ? z.input<S> : undefined;
type AnswerOf<A> = A extends { readonly schema: infer S extends z.ZodType } ? z.output<S> : undefined;
type OkOf<A> = { [S in keyof A]: S extends 200 | 201 | 202 ? AnswerOf<A[S]> : never }[keyof A];

/** A query goes as text, and what stands in the address of a page is text: the server says what does not fit. */
type Query<P> = P | { readonly [K in keyof P]?: string | number | readonly string[] | undefined };

/** What an operation answers when all went well. */
export type Answer<Id extends OperationId> = OkOf<Table[Id]['answers']>;

export interface Request<Id extends OperationId> {
  readonly params?: Part<Table[Id], 'params'>;
  readonly query?: Query<Part<Table[Id], 'query'>>;
  readonly body?: Table[Id] extends { readonly document: true } ? unknown : Part<Table[Id], 'body'>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** In place of how a program would send its key. */
const SIGNED_OUT = 'You are signed out. Sign in again: what you have typed is kept.';

const signedOut = new Set<() => void>();
const signedIn = new Set<() => void>();

/** Hears of each request that is refused because nobody is signed in; the answer ends it. */
export function onSignedOut(hear: () => void): () => void {
  signedOut.add(hear);
  return () => signedOut.delete(hear);
}

/** Of a line that was refused because nobody is signed in: says so, and resolves when somebody is again. */
export function untilSignedIn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      signedIn.delete(end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    signedIn.add(end);
    signal.addEventListener('abort', end);
    for (const hear of signedOut) hear();
  });
}

/** Of a request that was refused because nobody is signed in; `tell`: those who wait for that hear of it. */
export function nobody(tell = true): ApiProblem {
  if (tell) for (const hear of signedOut) hear();
  return new ApiProblem({ status: 401, code: 'unauthorized', detail: SIGNED_OUT });
}

/** Throws `ApiProblem`: what the server says is wrong, or that it cannot be reached. */
export async function call<Id extends OperationId>(id: Id, request: Request<Id> = {}): Promise<Answer<Id>> {
  const route = table[id];
  if (route === undefined) throw new Error(`The API has no operation ${id}`);
  const { body, headers, signal } = request;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
  const response = await fetch(addressOf(route.path, request.params, request.query), {
    method: route.method,
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': type }), ...headers },
    ...(body !== undefined && { body: text }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiProblem({ status: 0, code: 'unreachable', detail: 'The server does not answer.' });
  });
  hearTime(response.headers.get('date'));
  if (response.status === 401 && id !== 'signIn') throw nobody(id !== 'getSignIn');
  if (!response.ok) throw await problemOf(response);
  if (id === 'signIn' || id === 'getSignIn') for (const hear of signedIn) hear();
  if (response.status === 204) return undefined as Answer<Id>;
  return (await response.json()) as Answer<Id>;
}

/** Path parameters are escaped; a query leaves out what is undefined. */
export function addressOf(path: string, params: unknown = {}, query: unknown = {}): string {
  const values = params as Readonly<Record<string, string | number>>;
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name] ?? '')));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}
