/**
 * /api/blobs: images, audio and files of conversations. What was uploaded is never shown by this host (rule R8): it
 * comes back as an attachment, whose type no browser guesses, without rights even where one opens it.
 */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import type { FileStore } from '../ports/files.ts';
import { operation } from './operation.ts';

/** A type and a subtype; parameters are kept. */
const MEDIA_TYPE = /^[A-Za-z0-9][\w.+-]{0,99}\/[A-Za-z0-9][\w.+-]{0,99}(?: *; *[\w.+-]+=(?:[\w.+-]+|"[\w .+-]*"))*$/;
const LONGEST_TYPE = 200;

export async function blobs(scope: FastifyInstance, files: FileStore): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  // Before the body is read, which the framework refuses without a type in words of its own.
  scope.addHook('onRequest', async ({ method, headers }) => {
    if (method === 'POST') mediaTypeOf(headers['content-type']);
  });

  operation(scope, 'uploadBlob', async ({ projectId, body, request }) => {
    const mediaType = mediaTypeOf(request.headers['content-type']);
    if (!Buffer.isBuffer(body) || body.length === 0) {
      throw new MyelinError('invalid_request', 'body: is empty; send the content itself');
    }
    const { hash, size } = await files.put({ projectId, mediaType, data: body, isUpload: true });
    return { hash, size, mediaType };
  });

  operation(scope, 'getBlob', async ({ projectId, params: { hash }, reply }) => {
    const file = await files.get(projectId, hash);
    if (file === undefined) throw new MyelinError('blob_not_found', `There is no blob ${hash}.`);
    reply.headers({
      'content-type': file.mediaType,
      'content-disposition': `attachment; filename="${hash}"`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      etag: `"${hash}"`,
      'cache-control': 'private, max-age=31536000, immutable',
    });
    return file.data;
  });
}

function mediaTypeOf(header: string | undefined): string {
  if (header !== undefined && header.length <= LONGEST_TYPE && MEDIA_TYPE.test(header)) return header;
  throw new MyelinError(
    'invalid_request',
    'Content-Type: takes the media type of the content, such as image/png; application/octet-stream where it has none',
  );
}
