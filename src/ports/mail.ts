/** Sends mail by the server that a connection of type `smtp` leads to. */
import type { SmtpConfig } from '../core/connections/types/smtp.ts';

export interface Mailer {
  /**
   * Throws `connection_failed`, `connection_denied`, `egress_denied`, `mail_refused`, `mail_deferred` (data: `response`),
   * and `in_doubt` where the connection broke after the mail had gone out.
   */
  send(config: SmtpConfig, mail: Mail, signal: AbortSignal): Promise<SentMail>;
}

export interface MailAddress {
  /** Empty: none. */
  readonly name: string;
  readonly address: string;
}

/** No text has a line break where a header stands. */
export interface Mail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly attachments: readonly Attachment[];
}

export interface Attachment {
  readonly filename: string;
  readonly contentType?: string | undefined;
  readonly content: Uint8Array;
}

export interface SentMail {
  /** Addresses that the server took; at least one. */
  readonly accepted: readonly string[];
  /** Addresses that it did not take. */
  readonly rejected: readonly string[];
}
