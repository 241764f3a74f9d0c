/**
 * /api/blobs: images, audio and files of conversations. What was uploaded is never shown by this host (rule R8): it
 * comes back as an attachment, whose type no browser guesses, without rights even where one opens it. A page may embed
 * it all the same, and scripts of this host are those our pages trust: so what comes by a cookie is of no type that runs.
 */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import type { FileStore } from '../ports/files.ts';
import { operation } from './operation.ts';

/** A type and a subtype; parameters are kept. */
const MEDIA_TYPE = /^[A-Za-z0-9][\w.+-]{0,99}\/[A-Za-z0-9][\w.+-]{0,99}(?: *; *[\w.+-]+=(?:[\w.+-]+|"[\w .+-]*"))*$/;
const LONGEST_TYPE = 200;

/** What a page shows or plays, and nothing in it can act. */
const SHOWN = /^(?:image\/(?!svg)|audio\/|video\/)/i;
const PLAIN = 'application/octet-stream';
/** Longer texts than that are no numbers of bytes. */
const RANGE = /^bytes=(\d{0,12})-(\d{0,12})$/;

export async function blobs(scope: FastifyInstance, files: FileStore, largest: number): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  // Before the body is read, which the framework refuses without a type in words of its own.
  scope.addHook('onRequest', async ({ method, headers }) => {
    if (method === 'POST') mediaTypeOf(headers['content-type']);
  });

  operation(scope, 'getBlobLimits', async () => ({ largest }));

  operation(scope, 'uploadBlob', async ({ projectId, body, request }) => {
    const mediaType = mediaTypeOf(request.headers['content-type']);
    if (!Buffer.isBuffer(body) || body.length === 0) {
      throw new MyelinError('invalid_request', 'body: is empty; send the content itself');
    }
    const { hash, size } = await files.put({ projectId, mediaType, data: body, isUpload: true });
    return { hash, size, mediaType };
  });

  operation(scope, 'getBlob', async ({ projectId, params: { hash }, request, reply }) => {
    const file = await files.get(projectId, hash);
    if (file === undefined) throw new MyelinError('blob_not_found', `There is no blob ${hash}.`);
    const { mediaType, data } = file;
    const isSafe = request.caller.via === 'key' || SHOWN.test(mediaType);
    reply.headers({
      'content-type': isSafe ? mediaType : PLAIN,
      // Without a name, which is the page's to give.
      'content-disposition': 'attachment',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      etag: `"${hash}"`,
      'cache-control': 'private, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
    });
    const part = partOf(request.headers.range, data.length);
    if (part === undefined) return data;
    reply.code(206).header('content-range', `bytes ${part.first}-${part.last}/${data.length}`);
    return data.subarray(part.first, part.last + 1);
  });
}

/** Who plays a recording skips in it. Undefined where all is wanted, or what is no part of it, which gets all as well. */
function partOf(
  header: string | undefined,
  size: number,
): { readonly first: number; readonly last: number } | undefined {
  const [, from = '', to = ''] = RANGE.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return first <= last ? { first, last } : undefined;
}

function mediaTypeOf(header: string | undefined): string {
  if (header !== undefined && header.length <= LONGEST_TYPE && MEDIA_TYPE.test(header)) return header;
  throw new MyelinError(
    'invalid_request',
    'Content-Type: takes the media type of the content, such as image/png; application/octet-stream where it has none',
  );
}
