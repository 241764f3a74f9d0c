/** The entry: hands the command line to the CLI, with the real world behind it. */
import { setFlagsFromString } from 'node:v8';
import { runCli, type Server } from './cli/main.ts';
import type { Config } from './config/config.ts';
import { environment } from './config/environment.ts';

/** One Ctrl-C may come twice, from the terminal and from npm; a person's second comes later. */
const SAME_PRESS_MS = 300;

/** The server, with all that it is made of: most commands only talk to one. */
const app = () => import('./app.ts');

let serving = false;

/** The first signal asks the server to end, the second ends the process. */
function hearSignals(): AbortSignal {
  const asked = new AbortController();
  let first: number | undefined;
  const hear = (exitCode: number) => () => {
    if (first !== undefined && performance.now() - first > SAME_PRESS_MS) process.exit(exitCode);
    first ??= performance.now();
    asked.abort();
  };
  process.on('SIGINT', hear(130));
  process.on('SIGTERM', hear(143));
  return asked.signal;
}

/**
 * What a start allocates would make the heap's space for young objects grow to its largest, and an idle server would
 * keep some 40 MiB that it has no use for. Under load it grows as it does by default.
 */
async function withSmallHeap<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    return await work();
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2');
  }
}

async function start(config: Config): Promise<Server> {
  serving = true;
  const asked = hearSignals();
  const { url, ownerKey, stop } = await withSmallHeap(async () => (await app()).startApp(config));
  return { url, ownerKey, asked, stop };
}

// Who reads along may leave: that ends a command, as in `myelin executions | head -1`, but not the server.
process.stdout.on('error', () => {
  if (!serving) process.exit();
});
process.stderr.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  get stdin() {
    return process.stdin;
  },
  env: environment(),
  cwd: process.cwd(),
  isTTY: process.stdout.isTTY === true,
  onInterrupt: (hear) => {
    process.on('SIGINT', hear);
    return () => process.off('SIGINT', hear);
  },
  start,
  catalog: async () => (await app()).createCatalog(),
  ping: async (url) => (await app()).pingDatabase(url),
});
