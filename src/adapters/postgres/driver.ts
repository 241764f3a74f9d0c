/**
 * The `postgres` package, with a fault of its 3.4.9 mended while it is loaded: a write to a connection that has just
 * closed throws where nobody can catch it and takes the process down; a transaction that is rolled back on a dead
 * connection does this every time the database goes away (porsager/postgres issues 1154 and 1208). The write now
 * settles its query with CONNECTION_CLOSED, as pull request 1209 proposes. And what a connection had not sent when it
 * closed is forgotten, not sent before the greeting of the next. A test fails when the package changes.
 */
import { registerHooks } from 'node:module';

/** Each text stands once in the file. */
export const MENDS: readonly (readonly [fault: string, mended: string])[] = [
  [
    '    const x = socket.write(chunk, fn)\n',
    `    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', { ...options, host: [], port: [] }))
      return false
    }
    const x = socket.write(chunk, fn)\n`,
  ],
  [
    '    clearImmediate(nextWriteTimer)\n    socket.removeListener',
    '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener',
  ],
];

const hooks = registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/postgres/src/connection.js') || loaded.source == null) return loaded;
    return { ...loaded, source: mend(Buffer.from(loaded.source as Uint8Array).toString()) };
  },
});

function mend(source: string): string {
  return MENDS.reduce((text, [fault, mended]) => text.replace(fault, () => mended), source);
}

export const { default: postgres } = await import('postgres');

hooks.deregister();
