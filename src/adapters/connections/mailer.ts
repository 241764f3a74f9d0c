import { codeOf } from '../../core/connections/trouble.ts';
import type { SmtpConfig } from '../../core/connections/types/smtp.ts';
import { MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import type { Egress } from '../../ports/egress.ts';
import type { Mail, Mailer, SentMail } from '../../ports/mail.ts';
import { withMailServer } from './mail-server.ts';
import { smtpTrouble } from './test-smtp.ts';

const LONGEST = 500;
/** The server waits for the mail itself; from here on it may have it. */
const GO_ON = /^354/;

export function createMailer(egress: Pick<Egress, 'socket'>): Mailer {
  return { send: (config, mail, signal) => send(egress, config, mail, signal) };
}

async function send(
  egress: Pick<Egress, 'socket'>,
  config: SmtpConfig,
  { attachments, to, cc, bcc, replyTo, ...mail }: Mail,
  signal: AbortSignal,
): Promise<SentMail> {
  let isOut = false;
  const hear = (line: string) => {
    isOut ||= GO_ON.test(line);
  };
  const message = {
    ...mail,
    ...{ to: [...to], cc: [...cc], bcc: [...bcc], replyTo: [...replyTo] },
    attachments: attachments.map(({ content, ...one }) => ({ ...one, content: Buffer.from(content) })),
  };
  try {
    const sent = await withMailServer(egress, config, signal, (transport) => transport.sendMail(message), hear);
    return { accepted: addresses(sent.accepted), rejected: addresses(sent.rejected) };
  } catch (error) {
    throw failure(error, config, isOut);
  }
}

const addresses = (list: readonly (string | { readonly address: string })[] = []): string[] =>
  list.map((one) => (typeof one === 'string' ? one : one.address));

function failure(error: unknown, config: SmtpConfig, isOut: boolean): MyelinError {
  if (error instanceof MyelinError) return error;
  const { code, responseCode, response } = isObject(error) ? error : {};
  if (code === 'EAUTH' || code === 'ENOAUTH') return new MyelinError('connection_denied', smtpTrouble(error, config));
  const said = typeof response === 'string' ? response.slice(0, LONGEST) : '';
  if (typeof responseCode === 'number' && responseCode >= 400 && code !== 'ECONNECTION') {
    const kind = responseCode < 500 ? 'mail_deferred' : 'mail_refused';
    return new MyelinError(kind, `${config.host} does not take the mail: ${said}`, { response: said });
  }
  if (isOut)
    return new MyelinError('in_doubt', `The connection to ${config.host} broke before it said that it has the mail.`);
  if (code === 'EENVELOPE' || code === 'EMESSAGE')
    return new MyelinError('mail_refused', `${config.host}: ${codeOf(error)}`);
  return new MyelinError('connection_failed', smtpTrouble(error, config));
}
