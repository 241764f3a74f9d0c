/**
 * One request of the contract: builds it from the route, sends it, and checks the answer against the route's schema.
 */
import type { z } from 'zod';
import { problemSchema } from '../contract/problem.ts';
import type { Route } from '../contract/route.ts';
import { type OperationId, ROUTES } from '../contract/routes.ts';
import { ApiError } from './api-error.ts';

export interface TransportOptions {
  /** Of the server, such as `http://127.0.0.1:4400`; a path in it is kept. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly fetch: typeof fetch;
  readonly onResponse?: ((response: Response) => void) | undefined;
  /** Milliseconds in which an answer must have come whole. */
  readonly timeout: number;
}

export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of a body; `headers` has its content type. */
  readonly content?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

type Answers<K extends OperationId> = (typeof ROUTES)[K]['answers'];

/** What the route's success carries; undefined where it has no body. */
export type AnswerOf<K extends OperationId> = {
  [S in keyof Answers<K>]: Answers<K>[S] extends { schema: infer T extends z.ZodType } ? z.output<T> : undefined;
}[keyof Answers<K>];

export class Transport {
  readonly #options: TransportOptions;
  readonly #base: string;

  constructor(options: TransportOptions) {
    if (!/^https?:$/.test(URL.canParse(options.url) ? new URL(options.url).protocol : '')) {
      throw new TypeError(`"${options.url}" is no address of a server; write it like http://127.0.0.1:4400`);
    }
    this.#options = options;
    this.#base = options.url.replace(/\/+$/, '');
  }

  /** Throws `ApiError` for everything but a success that fits the contract. */
  async call<K extends OperationId>(operation: K, call: Call = {}): Promise<AnswerOf<K>> {
    const limit = AbortSignal.timeout(this.#options.timeout);
    const signal = call.signal === undefined ? limit : AbortSignal.any([call.signal, limit]);
    const response = await this.open(operation, { ...call, signal });
    const schema = (ROUTES[operation] as Route).answers[response.status]?.schema;
    // The type says what the schema has checked.
    if (schema === undefined) return (await this.#discard(response)) as AnswerOf<K>;
    const checked = schema.safeParse(await this.#json(response, signal));
    if (checked.success) return checked.data as AnswerOf<K>;
    const [issue] = checked.error.issues;
    throw this.#strange(response, `${issue?.path.join('.') || 'the body'}: ${issue?.message}`);
  }

  /** The response of a success with its body unread. Throws `ApiError` for any other. */
  async open(operation: OperationId, call: Call): Promise<Response> {
    const route: Route = ROUTES[operation];
    const url = this.#base + fill(route.path, call.params ?? {}) + search(call.query);
    const headers = new Headers({ accept: 'application/json' });
    if (this.#options.apiKey) headers.set('authorization', `Bearer ${this.#options.apiKey}`);
    if (call.body !== undefined) headers.set('content-type', 'application/json');
    for (const [name, value] of Object.entries(call.headers ?? {})) {
      if (value !== undefined) headers.set(name, value);
    }
    const json = call.body === undefined ? null : JSON.stringify(call.body);
    const body = call.content === undefined ? json : new Uint8Array(call.content);
    const init: RequestInit = { method: route.method, headers, body, redirect: 'manual' };
    const response = await this.#send(url, call.signal === undefined ? init : { ...init, signal: call.signal }, call);
    this.#options.onResponse?.(response);
    if (response.ok) return response;
    throw await this.#refusal(response, call.signal);
  }

  async #send(url: string, init: RequestInit, call: Call): Promise<Response> {
    try {
      return await this.#options.fetch(url, init);
    } catch (error) {
      throw this.broken(error, call.signal);
    }
  }

  /** What to throw for a connection that failed or broke. */
  broken(error: unknown, signal: AbortSignal | undefined): unknown {
    const isTimeout = signal?.aborted && signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
    if (signal?.aborted && !isTimeout) return signal.reason;
    const why = isTimeout ? 'no answer in time' : reasonOf(error);
    const mend = 'Start it with `myelin start`, or check the address.';
    return new ApiError('unreachable', 0, `Myelin cannot be reached at ${this.#base}: ${why}. ${mend}`, {
      cause: error,
    });
  }

  async #refusal(response: Response, signal: AbortSignal | undefined): Promise<ApiError> {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfter = Number.isFinite(seconds) ? seconds : undefined;
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const problem = problemSchema.safeParse(
      isJson ? await this.#json(response, signal) : await this.#discard(response),
    );
    if (problem.success) return ApiError.fromProblem(problem.data, retryAfter);
    return this.#strange(response, 'it is no problem+json', retryAfter);
  }

  async #json(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await response.json();
    } catch (error) {
      if (error instanceof SyntaxError) throw this.#strange(response, 'the body is not JSON');
      throw this.broken(error, signal);
    }
  }

  async #discard(response: Response): Promise<undefined> {
    await response.body?.cancel();
  }

  #strange(response: Response, why: string, retryAfter?: number): ApiError {
    const what = `${this.#base} gave an answer (HTTP ${response.status}) that is not of this version of Myelin: ${why}.`;
    return new ApiError('answer_invalid', response.status, `${what} Check the address.`, { retryAfter });
  }
}

/** Segments are encoded; the path of a webhook keeps its slashes. */
function fill(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_whole, name: string) =>
    (params[name] ?? '')
      .split(name === 'path' ? '/' : /(?!)/)
      .map(encodeURIComponent)
      .join('/'),
  );
}

function search(query: object | undefined): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) given.append(name, String(one));
  }
  return given.size === 0 ? '' : `?${given}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ETIMEDOUT: 'no answer',
};

/** `fetch` wraps what happened; an address with several IPs wraps it once more. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (WORDS[code] !== undefined) return WORDS[code];
  return code || (cause instanceof Error ? cause.message : String(cause));
}
