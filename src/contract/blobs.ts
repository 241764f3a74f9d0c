/** Binary content of conversations, and its routes; part of the table in routes.ts. */
import { z } from 'zod';
import type { Route } from './route.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'takes a SHA-256 in hex');

const blobSchema = z
  .object({
    hash: hash.describe('SHA-256 of the content, in hex'),
    size: z.int().describe('Bytes'),
    mediaType: z.string().describe('As it was sent'),
  })
  .meta({ id: 'Blob' });
export type BlobAnswer = z.output<typeof blobSchema>;

export const blobRoutes = {
  uploadBlob: {
    method: 'POST',
    path: '/api/blobs',
    tag: 'Blobs',
    summary: 'Upload an image, audio or a file',
    description:
      'The body is the content, `Content-Type` its media type. The same content is the same blob. Up to ' +
      '`MYELIN_MAX_BODY`.',
    permission: 'workflows:execute',
    body: z.string().meta({ format: 'binary' }),
    bodyTypes: ['*/*'],
    answers: { 201: { description: 'It is stored', schema: blobSchema } },
    problems: [400, 413],
  },
  getBlob: {
    method: 'GET',
    path: '/api/blobs/:hash',
    tag: 'Blobs',
    summary: 'Download a blob',
    description: 'As an attachment: a browser shows nothing of it.',
    permission: 'executions:read',
    params: z.strictObject({ hash }),
    answers: { 200: { description: 'The content, with its media type', types: ['*/*'] } },
    problems: [400, 404],
  },
} as const satisfies Record<string, Route>;
