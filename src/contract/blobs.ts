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

const blobLimitsSchema = z.object({ largest: z.int().describe('Bytes of one blob: `MYELIN_MAX_BODY`') });

export const blobRoutes = {
  getBlobLimits: {
    method: 'GET',
    path: '/api/blobs',
    tag: 'Blobs',
    summary: 'Read how large a blob may be',
    permission: 'executions:read',
    answers: { 200: { description: 'The limits', schema: blobLimitsSchema } },
  },
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
    description:
      'As an attachment: a browser shows nothing of it by itself. One that is signed in by a cookie gets the media type ' +
      'of images, audio and video only; all else is `application/octet-stream`. Takes `Range` of one part.',
    permission: 'executions:read',
    params: z.strictObject({ hash }),
    answers: {
      200: { description: 'The content, with its media type', types: ['*/*'] },
      206: { description: 'The part of it that `Range` names', types: ['*/*'] },
    },
    problems: [400, 404],
  },
} as const satisfies Record<string, Route>;
