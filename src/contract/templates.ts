/** Documents to begin with. Saving one is a save like any other. */
import { z } from 'zod';
import type { Route } from './route.ts';
import { documentSchema } from './workflows.ts';

const names = z.array(z.string());

const summary = {
  name: z.string(),
  description: z.string().nullable(),
  nodeTypes: names.describe('Of its nodes, those in bodies included'),
  triggers: names.describe('Types of its triggers'),
  needs: z
    .object({ models: names, secrets: names, connections: names, workflows: names })
    .describe('What it names and does not bring along'),
};

const templateSummarySchema = z.object(summary).meta({ id: 'TemplateSummary' });
export type TemplateSummary = z.infer<typeof templateSummarySchema>;

const templateSchema = z
  .object({ ...summary, definition: documentSchema, yaml: z.string().describe('The same, with remarks') })
  .meta({ id: 'Template' });
export type TemplateAnswer = z.infer<typeof templateSchema>;

export const templateRoutes = {
  listTemplates: {
    method: 'GET',
    path: '/api/templates',
    tag: 'Catalog',
    summary: 'List documents to begin with',
    permission: 'workflows:read',
    answers: { 200: { description: 'All of them', schema: z.object({ items: z.array(templateSummarySchema) }) } },
    problems: [400],
  },
  getTemplate: {
    method: 'GET',
    path: '/api/templates/:name',
    tag: 'Catalog',
    summary: 'Read a document to begin with',
    permission: 'workflows:read',
    params: z.strictObject({ name: z.string().min(1).max(100) }),
    answers: { 200: { description: 'The document, as JSON and as YAML', schema: templateSchema } },
    problems: [404],
  },
} as const satisfies Record<string, Route>;
