/** One conversation with a mail server, over a socket of the egress. */
import { once } from 'node:events';
import { createTransport, type Transporter } from 'nodemailer';
import type { SmtpConfig } from '../../core/connections/types/smtp.ts';
import type { Egress } from '../../ports/egress.ts';

/** Milliseconds that the server may be silent. */
const SILENCE_MS = 30_000;

/** Rejects where the server cannot be dialed. The socket ends with the signal, and with `work`. */
export async function withMailServer<T>(
  egress: Pick<Egress, 'socket'>,
  { host, port, tls, user, password = '' }: SmtpConfig,
  signal: AbortSignal,
  work: (transport: Transporter) => Promise<T>,
): Promise<T> {
  const socket = egress.socket(host, port);
  // What breaks later is heard by whoever speaks over it.
  socket.on('error', () => undefined);
  try {
    const connected = once(socket, 'connect', { signal });
    socket.connect({ host, port });
    await connected;
    const stop = () => socket.destroy();
    signal.addEventListener('abort', stop, { once: true });
    const transport = createTransport({
      ...{ host, port, connection: socket, secure: tls === 'tls' },
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'off',
      ...(user !== undefined && { auth: { user, pass: password } }),
      ...{ socketTimeout: SILENCE_MS, greetingTimeout: SILENCE_MS },
      // A text from outside is never read as the name of a file, nor fetched.
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
    try {
      return await work(transport);
    } finally {
      signal.removeEventListener('abort', stop);
      transport.close();
    }
  } finally {
    socket.destroy();
  }
}
