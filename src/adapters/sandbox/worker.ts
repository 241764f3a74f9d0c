/**
 * The thread that runs user code; started by `thread.ts` with no environment, no input and limited memory.
 * It takes one job at a time and answers each with one outcome.
 */
import { parentPort } from 'node:worker_threads';
import { type Job, READY } from './job.ts';
import { loadRealm } from './realm.ts';

const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a thread only; start it through createSandbox().');

const run = loadRealm();
port.on('message', async (job: Job) => port.postMessage(await run(job)));
port.postMessage(READY);
