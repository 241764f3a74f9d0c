/**
 * What is attached to a message of a user, as far as a provider reads it: a file of text as its text, and in the place of
 * what it does not read, or of what is gone, a word about it. Only in the newest message is that an error: what was said
 * before stays in a conversation for good, and must not keep a model from answering.
 */
import type { Message, Part } from '../../core/conversation.ts';
import { MyelinError } from '../../core/errors.ts';
import type { ReadBlob } from './provider.ts';

type UserMessage = Extract<Message, { role: 'user' }>;
type Attachment = Exclude<Part, { type: 'text' }>;

/** Characters of one file of text. */
const MOST_TEXT = 200_000;
const TEXT = /^text\/|^application\/(?:json|xml|yaml|x-yaml|javascript|sql|toml|x-ndjson)$|\+(?:json|xml|yaml)$/;
/** Names that browsers and systems have for the same. */
const ALSO: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/mp3': 'audio/mpeg',
};

export interface Reading {
  readonly projectId: string;
  /** As it was asked for. */
  readonly model: string;
  /** Media types that the provider reads. */
  readonly reads: RegExp;
  readonly readBlob: ReadBlob;
}

interface Read {
  /** Its parts are texts, and files whose content is in `bytes`, by their hash. */
  readonly message: UserMessage;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/** Throws `blob_not_found` and `model_refused`, where the message is the newest. */
export async function readAttachments(message: UserMessage, isNewest: boolean, reading: Reading): Promise<Read> {
  const bytes = new Map<string, Uint8Array>();
  if (typeof message.content === 'string') return { message, bytes };
  const content = await Promise.all(
    message.content.map(async (part): Promise<Part> => {
      if (part.type === 'text') return part;
      const found = await readOne(part, reading);
      if (found instanceof MyelinError) {
        if (isNewest) throw found;
        return { type: 'text', text: `[${labelOf(part)}: ${found.code === 'blob_not_found' ? 'gone' : 'not read'}]` };
      }
      if (typeof found === 'string') return { type: 'text', text: `${labelOf(part)}:\n${found}` };
      bytes.set(part.blob, found);
      return { ...part, mediaType: typeOf(part) };
    }),
  );
  return { message: { ...message, content }, bytes };
}

async function readOne(
  part: Attachment,
  { projectId, model, reads, readBlob }: Reading,
): Promise<string | Uint8Array | MyelinError> {
  const type = typeOf(part);
  const isText = TEXT.test(type);
  if (!isText && !reads.test(type)) {
    const instead = 'Attach it in another form, or ask another model.';
    return new MyelinError('model_refused', `${model} does not read ${labelOf(part)}. ${instead}`);
  }
  const blob = await readBlob(projectId, part.blob);
  if (blob === undefined) return new MyelinError('blob_not_found', `There is no blob ${part.blob} in the project.`);
  return isText ? textOf(blob.bytes) : blob.bytes;
}

function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  return text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}… (${text.length - MOST_TEXT} more characters)`;
}

/** Without its parameters, in one spelling. */
function typeOf({ mediaType }: Attachment): string {
  const [type = ''] = mediaType.split(';');
  const plain = type.trim().toLowerCase();
  return ALSO[plain] ?? plain;
}

const labelOf = (part: Attachment): string =>
  part.name === undefined ? `a file of type ${typeOf(part)}` : `${part.name} (${typeOf(part)})`;
