/**
 * The double as a process of its own, for tests that kill the product and not the provider:
 * `node src/testing/providers/main.ts [PORT] [MILLISECONDS]` prints its address as one line. `GET /count` has the counts.
 */
import { loopOf } from './loop.ts';
import { startProviders } from './server.ts';

const [port = 0, everyMs] = process.argv.slice(2).map(Number);
const { url } = await startProviders(loopOf(everyMs), port);
process.stdout.write(`${url}\n`);
