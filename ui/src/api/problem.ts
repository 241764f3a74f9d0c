/** What went wrong, as the server says it (RFC 9457), or as the browser sees it. */
import type { Problem } from '../../../src/contract/problem.ts';

type Fault = NonNullable<Problem['errors']>[number];

interface Parts {
  /** 0: the server was not reached. */
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly Fault[];
}

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly Fault[];

  constructor({ status, code, detail, errors = [] }: Parts) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const status = response.status;
  const body = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
  if (body?.code === undefined) {
    return new ApiProblem({ status, code: 'unreadable', detail: `The server answered ${status} without a reason.` });
  }
  const { code, detail, title, errors } = body;
  return new ApiProblem({ status, code, detail: detail ?? title ?? code, ...(errors && { errors }) });
}
