/** A mail server for tests that speaks SMTP on a socket: it keeps what it is sent, and refuses as it is told. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came over the wire. */
  readonly text: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly mails: readonly Mail[];
  /** What it answers from now on instead of the usual, by the verb: `RCPT` to `550 no such user`. */
  readonly answers: Map<string, string>;
  stop(): Promise<void>;
}

interface SmtpOptions {
  /** Wanted before any mail. */
  readonly login?: { readonly user: string; readonly password: string };
}

export async function serveSmtp({ login }: SmtpOptions = {}): Promise<SmtpServer> {
  const mails: Mail[] = [];
  const answers = new Map<string, string>();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    converse(socket, { login, answers, keep: (mail) => mails.push(mail) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    answers,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

const KNOWN: ReadonlySet<string> = new Set(['MAIL', 'RCPT', 'RSET', 'NOOP']);

interface Talk {
  readonly login: SmtpOptions['login'];
  readonly answers: ReadonlyMap<string, string>;
  keep(mail: Mail): void;
}

function converse(socket: Socket, { login, answers, keep }: Talk): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let [from, to, data, rest]: [string, string[], string[] | undefined, string] = ['', [], undefined, ''];
  const addressOf = (line: string) => /<([^>]*)>/.exec(line)?.[1] ?? '';
  const usual = (verb: string, line: string): string => {
    if (verb === 'EHLO') return login === undefined ? '250 test' : '250-test\r\n250 AUTH PLAIN';
    if (verb === 'AUTH') {
      const wanted = Buffer.from(`\0${login?.user}\0${login?.password}`).toString('base64');
      return line.split(' ')[2] === wanted ? '235 welcome' : `535 no ${line}`;
    }
    if (verb === 'MAIL') [from, to] = [addressOf(line), []];
    if (verb === 'RCPT') to.push(addressOf(line));
    if (verb === 'DATA') return '354 go on';
    if (verb === 'QUIT') return '221 bye';
    return KNOWN.has(verb) ? '250 fine' : '502 not here';
  };
  const hear = (line: string): void => {
    if (data === undefined) {
      const verb = line.split(' ')[0]!.toUpperCase();
      const answer = answers.get(verb) ?? usual(verb, line);
      if (answer.startsWith('354')) data = [];
      say(answer);
      if (verb === 'QUIT') socket.end();
    } else if (line === '.') {
      const answer = answers.get('.') ?? '250 kept';
      if (answer.startsWith('250')) keep({ from, to, text: data.join('\n') });
      data = undefined;
      if (answer === 'break') socket.destroy();
      else say(answer);
    } else data.push(line.replace(/^\.\./, '.'));
  };
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('utf8')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  say(answers.get('') ?? '220 test ready');
}
