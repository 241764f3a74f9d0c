/** What every command has at hand, made once from the io and the options. */
import { type Client, createClient } from '../sdk/index.ts';
import { type Credentials, findCredentials } from './credentials.ts';
import type { Io, Output } from './io.ts';
import { type Style, styleFor } from './text.ts';

/** What all commands share; each adds its own options. */
export interface Options {
  readonly json?: boolean;
}

export interface Context {
  readonly io: Io;
  readonly json: boolean;
  readonly style: Style;
  /** Columns of the terminal; undefined where lines need no cut. */
  readonly width: number | undefined;
  /** Lines for a person, on stdout. */
  say(...lines: string[]): void;
  /** Remarks beside the result, on stderr; none with `--json`. */
  remark(...lines: string[]): void;
  /** One JSON document on stdout. */
  give(value: unknown): void;
  credentials(): Credentials;
  client(): Client;
}

const write = (output: Output, lines: readonly string[]): void => {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`);
};

export function createContext(io: Io, options: Options): Context {
  const json = options.json === true;
  const credentials = () => findCredentials(io);
  return {
    io,
    json,
    style: styleFor(io.isTTY && !json, io.env),
    width: io.isTTY ? (io.stdout.columns ?? 80) : undefined,
    say: (...lines) => write(io.stdout, lines),
    remark: (...lines) => (json ? undefined : write(io.stderr, lines)),
    give: (value) => write(io.stdout, [JSON.stringify(value, null, 2)]),
    credentials,
    client: () => createClient(credentials()),
  };
}
