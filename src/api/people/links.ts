/**
 * /approvals/ID/approve and /reject: links that decide an approval without a key. A GET decides nothing, since mail
 * scanners fetch every link; the button does. A link serves once: the first decision closes the approval.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type ErrorCode, MyelinError } from '../../core/errors.ts';
import { isUuid } from '../../core/uuid.ts';
import { LINK_WORDS } from '../../engine/links.ts';
import type { WaitRow } from '../../ports/waits.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';
import { detailsOf } from './approval-view.ts';
import { decide, findApproval, refuseClosed } from './decide.ts';
import { messagePage, PAGE_POLICY, questionPage } from './page.ts';

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

/** Far more than the fields of the form. */
const LARGEST_FORM = 64 * 1024;
const DECISIONS = { approve: 'approved', reject: 'rejected' } as const;
/** Who decided, where they do not say. */
const NAMELESS = 'link';

interface Place {
  readonly id: string;
  readonly decision: string;
}

export async function approvalLinks(scope: FastifyInstance, deps: Deps): Promise<void> {
  scope.removeAllContentTypeParsers();
  const form = 'application/x-www-form-urlencoded';
  scope.addContentTypeParser(form, { parseAs: 'string', bodyLimit: LARGEST_FORM }, async (_: unknown, text: string) =>
    Object.fromEntries(new URLSearchParams(text)),
  );

  operation(scope, 'approvalPage', ({ params, query, reply }) =>
    answer(reply, async () => {
      const { row, word } = await find(deps, params, query.token);
      refuseClosed(row);
      const { id, workflowName } = row;
      return questionPage({ ...detailsOf(row), id, workflowName }, word);
    }),
  );

  operation(scope, 'decideByLink', ({ params, query, body, reply }) =>
    answer(reply, async () => {
      const { row, word } = await find(deps, params, query.token);
      const by = body.by?.trim().slice(0, 200) || NAMELESS;
      const comment = body.comment?.trim().slice(0, 10_000);
      const decision = DECISIONS[word];
      await decide(deps, row, { decision, by, via: 'link', ...(comment && { comment }) });
      return messagePage(detailsOf(row).title, `Thank you: it is ${decision}.`);
    }),
  );
}

/** The token is checked before anything is looked up. */
async function find(deps: Deps, { id, decision }: Place, token: string) {
  const word = LINK_WORDS.find((one) => one === decision);
  const projectId =
    word !== undefined && isUuid(id)
      ? await deps.engine.links.projectOfDecision(id.toLowerCase(), word, token)
      : undefined;
  if (word === undefined || projectId === undefined) throw new MyelinError('approval_not_found');
  const row: WaitRow = await findApproval(deps, projectId, id);
  return { row, word };
}

const PAGES: Partial<Readonly<Record<ErrorCode, (message: string) => string>>> = {
  approval_not_found: () => messagePage('This link is not valid', 'Ask whoever sent it for another.'),
  already_decided: (message) => messagePage('This has been decided already', message),
  illegal_transition: () => messagePage('This is not asked any more', 'The workflow has ended or went on without it.'),
  invalid_request: (message) =>
    messagePage('This asks for more than a button', `Decide it by the API or the command line: ${message}`),
};

async function answer(reply: FastifyReply, work: () => Promise<string>): Promise<string> {
  reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8');
  try {
    return await work();
  } catch (error) {
    const page = error instanceof MyelinError ? PAGES[error.code] : undefined;
    if (page === undefined || !(error instanceof MyelinError)) throw error;
    reply.code(error.status);
    return page(error.message);
  }
}
