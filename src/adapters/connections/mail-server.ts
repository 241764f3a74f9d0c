/** One conversation with a mail server, over a socket of the egress. */
import { once } from 'node:events';
import type { Transporter } from 'nodemailer';
import type { SmtpConfig } from '../../core/connections/types/smtp.ts';
import { isObject } from '../../core/json.ts';
import type { Egress } from '../../ports/egress.ts';

/** Milliseconds that the server may be silent. */
const SILENCE_MS = 30_000;

/** Rejects where the server cannot be dialed. The socket ends with the signal, and with `work`. `hear` is told what the server says. */
export async function withMailServer<T>(
  egress: Pick<Egress, 'socket'>,
  { host, port, tls, user, password = '' }: SmtpConfig,
  signal: AbortSignal,
  work: (transport: Transporter) => Promise<T>,
  hear?: (line: string) => void,
): Promise<T> {
  // Loaded by the first mail: many installations send none.
  const { createTransport } = await import('nodemailer');
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
      ...(hear !== undefined && { transactionLog: true, logger: listener(hear) }),
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

/** The library tells a log alone what it is answered. */
function listener(hear: (line: string) => void) {
  const quiet = () => undefined;
  const debug = (entry: unknown, line: unknown) => {
    if (isObject(entry) && entry.tnx === 'server' && typeof line === 'string') hear(line);
  };
  return { trace: quiet, debug, info: quiet, warn: quiet, error: quiet, fatal: quiet };
}
