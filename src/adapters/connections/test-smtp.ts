import { codeOf, troubleOf } from '../../core/connections/trouble.ts';
import type { SmtpConfig } from '../../core/connections/types/smtp.ts';
import type { TestResult } from '../../ports/connections.ts';
import type { Egress } from '../../ports/egress.ts';
import { withMailServer } from './mail-server.ts';

/** Signs in and sends nothing. */
export async function testSmtp(
  egress: Pick<Egress, 'socket'>,
  config: SmtpConfig,
  signal: AbortSignal,
): Promise<TestResult> {
  try {
    await withMailServer(egress, config, signal, (transport) => transport.verify());
    const who = config.user === undefined ? 'takes mail without a sign-in' : `lets ${config.user} in`;
    return { ok: true, message: `${config.host} ${who}.`, details: {} };
  } catch (error) {
    return { ok: false, message: smtpTrouble(error, config), details: { code: codeOf(error) } };
  }
}

/** Why there is no talk with the server, in words of what to do. */
export function smtpTrouble(error: unknown, { host, port, user, tls }: SmtpConfig): string {
  const code = codeOf(error);
  if (code === 'EAUTH') return `Wrong user or password: ${host} does not let ${user} in.`;
  if (code === 'ENOAUTH') return `${host} wants a user and a password.`;
  if (code === 'ETLS' && tls === 'starttls') {
    return `${host}:${port} does not offer STARTTLS: set \`tls\` to tls (port 465), or to off if the way to it is safe.`;
  }
  if (code === 'ECONNECTION' || code === 'EPROTOCOL')
    return `What answers at ${host}:${port} is no mail server, or breaks off.`;
  if (code === 'ESOCKET') return troubleOf({ code: underneath(error) }, `${host}:${port}`);
  return troubleOf(error, code === 'ENOTFOUND' ? host : `${host}:${port}`);
}

/** The library writes its own code over that of the socket, and leaves its text. */
function underneath(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  if (/altnames/i.test(text)) return 'ERR_TLS_CERT_ALTNAME_INVALID';
  if (/expired/i.test(text)) return 'CERT_HAS_EXPIRED';
  if (/certificate/i.test(text)) return 'CERT_UNTRUSTED';
  return /SSL|TLS/i.test(text) ? 'EPROTO' : 'ECONNRESET';
}
