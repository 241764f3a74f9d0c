/** Versions of a workflow: each save makes one, and none ever changes. */
import { z } from 'zod';
import { idParams, pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';
import { documentSchema, saveHeaders, workflowSchema } from './workflows.ts';

const summary = {
  version: z.int().describe('Below 0: of a test, which no list shows'),
  createdAt: time,
  savedBy: z.string().nullable().describe('Name of the key that saved it; null where nobody has noted it'),
  present: z.boolean().describe('New executions run on it'),
};

const versionSummarySchema = z.object(summary).meta({ id: 'VersionSummary' });
export type VersionSummary = z.infer<typeof versionSummarySchema>;

const versionSchema = z.object({ ...summary, definition: documentSchema }).meta({ id: 'WorkflowVersion' });
export type VersionAnswer = z.infer<typeof versionSchema>;

const versionParams = z.strictObject({ id: z.string().min(1).max(200), version: z.coerce.number().int() });

const rollbackBody = z.strictObject({ version: z.int().min(1).describe('Its document becomes the new version') });

export const versionRoutes = {
  listVersions: {
    method: 'GET',
    path: '/api/workflows/:id/versions',
    tag: 'Workflows',
    summary: 'List the versions of a workflow, newest first',
    permission: 'workflows:read',
    params: idParams,
    query: pageQuery,
    answers: { 200: { description: 'A page of them, without their documents', schema: pageOf(versionSummarySchema) } },
    problems: [400, 404],
  },
  getVersion: {
    method: 'GET',
    path: '/api/workflows/:id/versions/:version',
    tag: 'Workflows',
    summary: 'Read a version of a workflow',
    permission: 'workflows:read',
    params: versionParams,
    answers: { 200: { description: 'The version with its document', schema: versionSchema } },
    problems: [400, 404],
  },
  rollbackWorkflow: {
    method: 'POST',
    path: '/api/workflows/:id/rollback',
    tag: 'Workflows',
    summary: 'Save the document of an old version as a new one',
    description: 'It is checked as any document is. The status of the workflow stays.',
    permission: 'workflows:write',
    params: idParams,
    headers: saveHeaders,
    body: rollbackBody,
    answers: { 200: { description: 'The new version', schema: workflowSchema } },
    problems: [400, 404, 409, 413, 415, 422],
  },
} as const satisfies Record<string, Route>;
