/** Why the server could not start, and on a line of its own what to do about it. */
import type { Config } from '../config/config.ts';
import { ERRORS, type Fault, MyelinError } from '../core/errors.ts';
import { CommandError, failureOf } from './exit.ts';
import { pagesOf } from './setting-faults.ts';

/** What the table of errors cannot know: it is about a start. */
const MENDS: Readonly<Record<string, string>> = {
  home_in_use: 'Each server needs a folder and a port of its own: MYELIN_HOME=.myelin-2 PORT=4401 npm start',
  store_unavailable: 'Check DATABASE_URL, and that PostgreSQL runs there: npx myelin doctor',
};

/** `config` undefined: it could not be read. Returns what to throw. */
export function startFailure(thrown: unknown, config: Config | undefined): CommandError {
  const { text, error } = failureOf(thrown);
  const listening = config === undefined ? undefined : listenFailure(thrown as NodeJS.ErrnoException, config);
  if (listening !== undefined) return listening;
  const code = String(error.code);
  const known =
    Object.hasOwn(ERRORS, code) && code !== 'internal' ? ERRORS[code as keyof typeof ERRORS].mend : undefined;
  const faults = thrown instanceof MyelinError && code === 'config_refused' ? thrown.data : undefined;
  // A migration that does not fit has no setting at fault.
  const pages = Array.isArray(faults) ? pagesOf(faults as Fault[]) : undefined;
  return new CommandError(
    code,
    `${text}\n${pages ?? MENDS[code] ?? known ?? 'Look for the cause with: npx myelin doctor'}`,
  );
}

function listenFailure({ code, syscall }: NodeJS.ErrnoException, { host, port }: Config): CommandError | undefined {
  if (syscall === 'getaddrinfo') {
    return new CommandError('address_refused', `HOST=${host} is no name of this machine.\nSet it to an address of it.`);
  }
  if (syscall !== 'listen') return undefined;
  if (code === 'EADDRINUSE') {
    const mend = `Stop it, or take another port: PORT=${port + 1} npm start`;
    return new CommandError('address_in_use', `Another program listens on port ${port} of ${host}.\n${mend}`);
  }
  const mend =
    'Set PORT to one above 1023 and HOST to an address of this machine; 127.0.0.1 and 4400 are the defaults.';
  return new CommandError(
    'address_refused',
    `The system does not let us listen on ${host}:${port} (${code}).\n${mend}`,
  );
}
