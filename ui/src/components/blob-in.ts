/** What a value names by its hash: a part of a conversation, what an upload answered, the content of a dead letter. */
import { isObject } from '../../../src/core/json.ts';

export interface NamedBlob {
  readonly hash: string;
  readonly name: string | undefined;
  readonly mediaType: string | undefined;
}

const HASH = /^[0-9a-f]{64}$/;

export function blobIn(value: unknown): NamedBlob | undefined {
  if (!isObject(value)) return undefined;
  const { blob, hash, size, name, mediaType } = value;
  // A hash alone may be that of anything.
  const found = typeof blob === 'string' ? blob : typeof size === 'number' ? hash : undefined;
  if (typeof found !== 'string' || !HASH.test(found)) return undefined;
  const textOf = (one: unknown) => (typeof one === 'string' && one !== '' ? one : undefined);
  return { hash: found, name: textOf(name), mediaType: textOf(mediaType) };
}

/** What a page shows or plays in its place; all else is downloaded. */
export function showable(mediaType: string | undefined): 'image' | 'audio' | undefined {
  if (mediaType === undefined) return undefined;
  // As an image too it is a document, which the server gives nobody to show.
  if (/^image\/(?!svg)/i.test(mediaType)) return 'image';
  return /^audio\//i.test(mediaType) ? 'audio' : undefined;
}
