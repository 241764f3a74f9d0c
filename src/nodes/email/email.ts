import { createHash } from 'node:crypto';
import { z } from 'zod';
import { connectionDependency, connectionField, openConnection } from '../../core/connections/connection-field.ts';
import { smtp } from '../../core/connections/types/smtp.ts';
import { dynamic, resolved } from '../../core/dynamic.ts';
import { MyelinError } from '../../core/errors.ts';
import type { TaskNode } from '../../core/node-type.ts';
import type { FileStore } from '../../ports/files.ts';
import type { Attachment, MailAddress, Mailer } from '../../ports/mail.ts';
import { parseAddress } from './address.ts';

/** Bytes of all attachments: most servers take no mail above 25 MB, and base64 makes a third more of it. */
const LARGEST = 16 * 1024 * 1024;
const MOST_ADDRESSES = 100;

const line = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !/\p{Cc}/u.test(text), 'takes one line, without control characters');
const address = z
  .string()
  .max(600)
  .refine((text) => parseAddress(text) !== undefined, 'takes one address, such as Ada <ada@example.com>');
const someone = z.union([address, z.array(address).max(MOST_ADDRESSES)]);
const attachment = z
  .strictObject({
    filename: line(200).min(1),
    contentType: z
      .string()
      .regex(/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/, 'takes a media type such as application/pdf')
      .optional(),
    text: z.string().max(LARGEST).optional(),
    base64: z
      .base64()
      .max(LARGEST * 1.4)
      .optional(),
    blob: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'takes the hash of a blob')
      .optional(),
  })
  .refine(({ text, base64, blob }) => [text, base64, blob].filter((one) => one !== undefined).length === 1, {
    message: 'takes one of text, base64 and blob',
  });
const attachments = z.array(attachment).max(20);

const plain = z.strictObject({
  connection: connectionField(smtp),
  to: someone,
  cc: someone.optional(),
  bcc: someone.optional().describe('Get it too, and nobody sees them'),
  replyTo: someone.optional().describe('Where answers go; default the sender, which the connection names'),
  subject: line(500),
  text: z.string().max(5_000_000).optional(),
  html: z.string().max(5_000_000).optional(),
  attachments: attachments.optional(),
});
type Resolved = z.infer<typeof plain>;

/** As written: what has a template is looked at when it is resolved. */
const recipients = z.union([dynamic(address), z.array(dynamic(address)).max(MOST_ADDRESSES)]);

export const emailConfig = z
  .strictObject({
    connection: plain.shape.connection,
    to: recipients.describe('One address, or a list'),
    cc: recipients.optional(),
    bcc: recipients.optional().describe('Get it too, and nobody sees them'),
    replyTo: recipients.optional().describe('Where answers go; default the sender, which the connection names'),
    subject: dynamic(line(500)),
    text: plain.shape.text.describe('The mail itself; with html, for who reads no HTML'),
    html: plain.shape.html,
    attachments: dynamic(z.array(z.record(z.string(), z.unknown())).max(20))
      .optional()
      .describe('A list of { filename, contentType, and one of text, base64, blob (a hash) }'),
  })
  .refine(({ text, html }) => text !== undefined || html !== undefined, {
    path: ['text'],
    message: 'give text, html or both',
  });
export type EmailConfig = z.infer<typeof emailConfig>;

export interface EmailNeeds {
  readonly mailer: Mailer;
  readonly files: Pick<FileStore, 'get'>;
}

/** Output `{ messageId, accepted, rejected }`. Throws `config_invalid`, `blob_not_found`, `limit_exceeded`, and what `Mailer` throws. */
export function emailNode(needs: EmailNeeds): TaskNode<EmailConfig> {
  return {
    type: 'email',
    version: 1,
    description: 'Sends a mail by a server that speaks SMTP.',
    example: {
      connection: 'mail',
      to: '{{ $json.email }}',
      subject: 'Order {{ $json.id }} is on its way',
      text: 'Dear {{ $json.name }}, it comes tomorrow.',
    },
    config: emailConfig,
    first: ['connection', 'to', 'subject', 'text', 'html'],
    ports: () => ['out', 'error'],
    effect: () => 'irreversible',
    dependency: connectionDependency,
    async run(config, task) {
      const { connection, subject, text, html, ...rest } = resolved(plain, config);
      const server = await openConnection(task, connection, smtp);
      const from = parseAddress(server.from);
      if (from === undefined) {
        throw new MyelinError('config_invalid', `The connection ${connection} has a \`from\` that is no address.`);
      }
      const messageId = messageIdOf(task.idempotencyKey, from);
      const { accepted, rejected } = await needs.mailer.send(
        server,
        {
          ...{ messageId, from, subject, text, html },
          ...{ to: list(rest.to), cc: list(rest.cc), bcc: list(rest.bcc), replyTo: list(rest.replyTo) },
          attachments: await readAll(needs.files, task.projectId, rest.attachments ?? []),
        },
        task.signal,
      );
      return { output: { messageId, accepted, rejected } };
    },
  };
}

/** The same for every attempt: should a mail come twice, who has it can tell. */
function messageIdOf(key: string, { address }: MailAddress): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@${address.slice(address.lastIndexOf('@') + 1)}>`;
}

const list = (value: string | readonly string[] = []): MailAddress[] =>
  (typeof value === 'string' ? [value] : value).flatMap((text) => parseAddress(text) ?? []);

async function readAll(
  files: EmailNeeds['files'],
  projectId: string,
  wanted: NonNullable<Resolved['attachments']>,
): Promise<Attachment[]> {
  const found: Attachment[] = [];
  let left = LARGEST;
  for (const { filename, contentType, text, base64, blob } of wanted) {
    const stored = blob === undefined ? undefined : await files.get(projectId, blob);
    if (blob !== undefined && stored === undefined)
      throw new MyelinError('blob_not_found', `There is no blob ${blob}.`);
    const content = stored?.data ?? (base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64'));
    left -= content.length;
    if (left < 0)
      throw new MyelinError('limit_exceeded', `The attachments pass ${LARGEST} bytes: send a link instead.`);
    found.push({ filename, content, contentType: contentType ?? stored?.mediaType });
  }
  return found;
}
