/** Mails over a real socket to a server that speaks SMTP: what they are, and what is said when they do not go. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMailer } from '../../adapters/connections/mailer.ts';
import type { FileStore } from '../../ports/files.ts';
import { testEgress } from '../../testing/egress.ts';
import { type SmtpServer, serveSmtp } from '../../testing/smtp-server.ts';
import { testTask } from '../../testing/task.ts';
import { type EmailConfig, emailConfig, emailNode } from './email.ts';

const egress = testEgress();
const blob = 'ab'.repeat(32);
const files: Pick<FileStore, 'get'> = {
  get: async (projectId, hash) =>
    projectId === 'p1' && hash === blob
      ? { hash, mediaType: 'application/pdf', size: 4, data: Buffer.from('%PDF') }
      : undefined,
};
const node = emailNode({ mailer: createMailer(egress), files });
let server: SmtpServer;
beforeEach(async () => {
  server = await serveSmtp({ login: { user: 'u', password: 'correct horse' } });
});
afterEach(() => server.stop());

/** `resolved`: what templates made of fields. */
async function send(
  config: Partial<EmailConfig>,
  { resolved = {}, smtp = {} }: { resolved?: object; smtp?: object } = {},
) {
  const plain = { connection: 'mail', to: 'ada@example.com', subject: 'Hello', text: 'Dear Ada', ...config };
  const from = 'Shop <shop@example.org>';
  const reach = {
    host: '127.0.0.1',
    port: server.port,
    tls: 'off',
    user: 'u',
    password: 'correct horse',
    from,
    ...smtp,
  };
  const result = await node.run({ ...emailConfig.parse(plain), ...resolved }, testTask({ mail: ['smtp', reach] }));
  return result.output;
}

test('goes to all of them, and says so', async () => {
  const output = await send({
    to: ['Ada <ada@example.com>', '"Babbage, C." <c@example.com>'],
    cc: 'cc@example.com',
    bcc: 'secret@example.com',
    replyTo: 'desk@example.org',
    subject: 'Grüße',
    html: '<b>Dear Ada</b>',
    attachments: [
      { filename: 'a.txt', text: 'attached text' },
      { filename: 'b.bin', base64: 'AP8=', contentType: 'application/x-thing' },
      { filename: 'c.pdf', blob },
    ],
  });
  const accepted = ['ada@example.com', 'c@example.com', 'cc@example.com', 'secret@example.com'];
  expect(output).toEqual({ messageId: expect.stringMatching(/^<[0-9a-f]{32}@example.org>$/), accepted, rejected: [] });
  const [mail] = server.mails;
  expect(mail).toMatchObject({ from: 'shop@example.org', to: accepted });
  const { messageId } = output as { messageId: string };
  for (const part of [
    'From: Shop <shop@example.org>',
    'To: Ada <ada@example.com>, "Babbage, C." <c@example.com>',
    'Reply-To: desk@example.org',
    `Message-ID: ${messageId}`,
    'Subject: =?UTF-8?',
    '<b>Dear Ada</b>',
    Buffer.from('attached text').toString('base64'),
    'AP8=',
    'Content-Type: application/pdf; name=c.pdf',
  ]) {
    expect(mail?.text).toContain(part);
  }
  expect(mail?.text).not.toContain('secret@');
  // The same attempt again is the same mail.
  expect(await send({})).toMatchObject({ messageId });
});

describe('who writes a field of a mail', () => {
  test.each<[string, object, string]>([
    ['adds no header', { subject: 'Hello\r\nBcc: victim@example.com' }, 'subject'],
    ['adds no reader', { to: 'ada@example.com, victim@example.com' }, 'to'],
    ['adds no reader by a name', { to: 'x@y.z <ada@example.com>' }, 'to'],
    ['adds no line to an address', { cc: ['a@example.com\r\nX: y'] }, 'cc'],
    ['adds no line to a name', { replyTo: '"a\nX: y" <a@example.com>' }, 'replyTo'],
    ['adds no line to a file', { attachments: [{ filename: 'a\r\nX: y', text: '' }] }, 'attachments'],
    ['names no file of the server', { attachments: [{ filename: 'a', path: '/etc/passwd' }] }, 'attachments'],
    ['gives one content', { attachments: [{ filename: 'a', text: '', base64: '' }] }, 'attachments'],
  ])('%s', async (_, resolved, field) => {
    await expect(send({}, { resolved })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(`^${field}`),
    });
    expect(server.mails).toEqual([]);
  });
});

describe('where it does not go', () => {
  test.each<[string, string, string, string]>([
    ['a recipient whom nobody knows', 'RCPT', '550 no such user', 'mail_refused'],
    ['a server that is busy', 'RCPT', '451 come back later', 'mail_deferred'],
    ['a mail that is too large', '.', '552 too large', 'mail_refused'],
    ['a greylist', 'MAIL', '450 greylisted', 'mail_deferred'],
    ['one that ends while it sends', '.', 'break', 'in_doubt'],
    ['a server that leaves', 'MAIL', '421 closing', 'mail_deferred'],
  ])('%s', async (_, verb, answer, code) => {
    server.answers.set(verb, answer);
    await expect(send({})).rejects.toMatchObject({ code });
  });

  test('a wrong password, nobody there, and what is not there to attach', async () => {
    await expect(send({}, { smtp: { password: 'wrong' } })).rejects.toMatchObject({ code: 'connection_denied' });
    await expect(send({}, { smtp: { port: 1 } })).rejects.toMatchObject({
      code: 'connection_failed',
      kind: 'transient',
    });
    await expect(send({}, { smtp: { from: 'nobody' } })).rejects.toMatchObject({ code: 'config_invalid' });
    const missing = [{ filename: 'a', blob: 'cd'.repeat(32) }];
    await expect(send({ attachments: missing })).rejects.toMatchObject({ code: 'blob_not_found' });
    const large = 'x'.repeat(9 * 1024 * 1024);
    const two = ['a', 'b'].map((filename) => ({ filename, text: large }));
    await expect(send({ attachments: two })).rejects.toMatchObject({ code: 'limit_exceeded' });
  });
});
