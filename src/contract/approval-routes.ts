/** Routes of approvals and callbacks; part of the table in routes.ts. */
import {
  approvalPage,
  approvalSchema,
  approvalsCountQuery,
  approvalsQuery,
  callbackAddress,
  callbackParams,
  decideBody,
  delegateBody,
  linkBody,
  linkParams,
  linkQuery,
  nodeCallbackParams,
} from './approvals.ts';
import { counted, idParams } from './page.ts';
import type { Route } from './route.ts';
import { acceptedSchema } from './webhooks.ts';

const PAGE = { description: 'A page for people', types: ['text/html'] };

const callback = {
  method: 'POST',
  tag: 'Callbacks',
  permission: 'public',
  description:
    'The address is `$execution.callbackUrl`. The first callback of a node counts. One that comes before its node ' +
    'waits is kept. JSON, forms and text are read as those of webhooks.',
  answers: { 202: { description: 'Accepted: it is durable', schema: acceptedSchema } },
  problems: [400, 404, 409, 413, 503],
} as const;

export const approvalRoutes = {
  listApprovals: {
    method: 'GET',
    path: '/api/approvals',
    tag: 'Approvals',
    summary: 'List approvals, newest first',
    permission: 'approvals:read',
    query: approvalsQuery,
    answers: { 200: { description: 'A page of them', schema: approvalPage } },
    problems: [400, 404],
  },
  countApprovals: {
    method: 'GET',
    path: '/api/approvals/count',
    tag: 'Approvals',
    summary: 'Count approvals',
    permission: 'approvals:read',
    query: approvalsCountQuery,
    answers: { 200: counted },
    problems: [400, 404],
  },
  getApproval: {
    method: 'GET',
    path: '/api/approvals/:id',
    tag: 'Approvals',
    summary: 'Read an approval, with the links that decide it',
    permission: 'approvals:decide',
    params: idParams,
    answers: { 200: { description: 'The approval', schema: approvalSchema } },
    problems: [404],
  },
  decideApproval: {
    method: 'POST',
    path: '/api/approvals/:id/decide',
    tag: 'Approvals',
    summary: 'Approve or reject',
    description: 'Of several at the same time exactly one decides; the others get a 409 with the first decision.',
    permission: 'approvals:decide',
    params: idParams,
    body: decideBody,
    answers: { 200: { description: 'As it is now', schema: approvalSchema } },
    problems: [400, 403, 404, 409],
  },
  delegateApproval: {
    method: 'POST',
    path: '/api/approvals/:id/delegate',
    tag: 'Approvals',
    summary: 'Pass an approval on to others',
    permission: 'approvals:decide',
    params: idParams,
    body: delegateBody,
    answers: { 202: { description: 'As it is now', schema: approvalSchema } },
    problems: [400, 403, 404, 409],
  },
  approvalPage: {
    method: 'GET',
    path: '/approvals/:id/:decision',
    tag: 'Approvals',
    summary: 'The page behind a link: shows what is asked, decides nothing',
    permission: 'public',
    params: linkParams,
    query: linkQuery,
    answers: { 200: PAGE, 404: PAGE, 409: PAGE },
    problems: [400],
  },
  decideByLink: {
    method: 'POST',
    path: '/approvals/:id/:decision',
    tag: 'Approvals',
    summary: 'The button of that page',
    permission: 'public',
    params: linkParams,
    query: linkQuery,
    body: linkBody,
    answers: { 200: PAGE, 400: PAGE, 404: PAGE, 409: PAGE },
    problems: [413],
  },
  tellCallbackAddress: {
    method: 'POST',
    path: '/api/executions/:id/callback',
    tag: 'Callbacks',
    summary: 'Tell the callback address of an execution',
    description: 'Whoever has it can answer the execution without a key. An id of a node may follow it.',
    permission: 'executions:write',
    params: idParams,
    answers: { 200: { description: 'The address', schema: callbackAddress } },
    problems: [404],
  },
  callback: {
    ...callback,
    path: '/callbacks/:execution/:token',
    summary: 'Answer the node that waits for a callback',
    params: callbackParams,
  },
  nodeCallback: {
    ...callback,
    path: '/callbacks/:execution/:token/:node',
    summary: 'Answer the node of this id',
    params: nodeCallbackParams,
  },
} as const satisfies Record<string, Route>;
