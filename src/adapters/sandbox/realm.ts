/**
 * One program in one QuickJS of its own. Each run gets a new WebAssembly instance with a hard ceiling on its memory,
 * so that nothing of a run is left for the next, not even after a fault of QuickJS itself; the garbage collector
 * takes the whole instance away, hence no handle is disposed one by one. No host function is ever put inside.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  newQuickJSWASMModule,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  RELEASE_SYNC,
} from 'quickjs-emscripten';
import { collapse, type Job, type Outcome, RESULT_BYTES, timeLimit } from './job.ts';
import { PRELUDE } from './prelude.ts';

/** What we use of the WebAssembly of Node, whose types leave it to those of a browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => object;
  readonly RuntimeError: ErrorConstructor;
};

const PAGE = 65_536;
/** What QuickJS starts with; its module refuses less. */
const FIRST_PAGES = 256;
/** Above the limit of the program: the C stack, the built-in objects, and room to tell of an error. */
const HEADROOM = 32 * 1024 * 1024;
const STACK_BYTES = 256 * 1024;
/** A name for the user's source in stack traces; the wrapper puts one line before it. */
const FILE = 'code.js';

/** Compiles QuickJS once; the answer runs programs. It never throws for what a program does. */
export function loadRealm(): (job: Job) => Promise<Outcome> {
  const fromQuickJS = createRequire(import.meta.resolve('quickjs-emscripten'));
  const wasmModule = new WebAssembly.Module(
    readFileSync(fromQuickJS.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')),
  );
  return async (job) => {
    const maximum = FIRST_PAGES + Math.ceil((job.memoryBytes + HEADROOM) / PAGE);
    const wasmMemory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum });
    const quickjs = await newQuickJSWASMModule(newVariant(RELEASE_SYNC, { wasmModule, wasmMemory }));
    return runJob(quickjs.newRuntime(), job);
  };
}

interface Realm {
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
  readonly job: Job;
  /** The prelude's functions, made before the user's code can touch anything. */
  readonly encode: QuickJSHandle;
  readonly describe: QuickJSHandle;
  expired(): boolean;
}

function runJob(runtime: QuickJSRuntime, job: Job): Outcome {
  runtime.setMemoryLimit(job.memoryBytes);
  runtime.setMaxStackSize(STACK_BYTES);
  const deadline = performance.now() + job.timeoutMs;
  const expired = () => performance.now() >= deadline;
  runtime.setInterruptHandler(expired);
  try {
    const context = runtime.newContext();
    const prelude = context.evalCode(PRELUDE, 'prelude.js');
    if (prelude.error) return expired() ? timeLimit(job.timeoutMs) : memoryLimit(job);
    const part = (name: string) => context.getProp(prelude.value, name);
    const realm: Realm = { runtime, context, job, encode: part('encode'), describe: part('describe'), expired };
    const installed = context.callFunction(part('install'), context.undefined, context.newString(job.globals));
    return installed.error ? failure(realm, installed.error) : runSource(realm);
  } catch (thrown) {
    // QuickJS ran out of the thread's own stack, or into the wall of its memory; the instance is not used again.
    if (thrown instanceof RangeError || thrown instanceof WebAssembly.RuntimeError) return collapse();
    throw thrown;
  }
}

/** The source is the body of an async function, so `return` and `await` work; it begins on the second line. */
function runSource(realm: Realm): Outcome {
  const { context, runtime } = realm;
  const started = context.evalCode(`(async function () {\n${realm.job.source}\n})()`, FILE, { strict: true });
  if (started.error) return failure(realm, started.error);
  const pending = runtime.executePendingJobs();
  if (pending.error) return failure(realm, pending.error);
  const state = context.getPromiseState(started.value);
  if (state.type === 'rejected') return failure(realm, state.error);
  if (state.type === 'fulfilled') return encode(realm, state.value);
  if (realm.expired()) return timeLimit(realm.job.timeoutMs);
  return {
    code: 'code_failed',
    message: 'The code awaits a promise that nothing settles; it has no timers and no I/O to wait for.',
  };
}

/** The returned value as JSON text, measured before it is copied out. */
function encode(realm: Realm, value: QuickJSHandle): Outcome {
  const { context } = realm;
  const encoded = context.callFunction(realm.encode, context.undefined, value);
  if (encoded.error) return failure(realm, encoded.error);
  const characters = context.getNumber(context.getProp(encoded.value, 'length'));
  if (characters > RESULT_BYTES) return resultLimit();
  const json = context.getString(encoded.value);
  return Buffer.byteLength(json) > RESULT_BYTES ? resultLimit() : { json };
}

function failure(realm: Realm, error: QuickJSHandle): Outcome {
  const { context, runtime, job } = realm;
  if (realm.expired()) return timeLimit(job.timeoutMs);
  runtime.setMemoryLimit(job.memoryBytes + HEADROOM / 2);
  const described = context.callFunction(realm.describe, context.undefined, error);
  if (described.error) return realm.expired() ? timeLimit(job.timeoutMs) : memoryLimit(job);
  const [name, message, stack] = JSON.parse(context.getString(described.value)) as [string, string, string];
  // Where memory is out so that not even an error can be made, QuickJS throws null.
  if (name === 'null' || isMemory(name, message)) return memoryLimit(job);
  if (message === 'stack overflow') return collapse();
  const line = lineOf(stack, job.source);
  const text = `${name === '' ? '' : `${name}: `}${message}`;
  return { code: 'code_failed', message: line === undefined ? text : `${text} (line ${line})`, line };
}

function isMemory(name: string, message: string): boolean {
  if (name === 'InternalError') return message === 'out of memory' || message === 'string too long';
  return name === 'RangeError' && message === 'invalid array buffer length';
}

/** Line of the user's source, from 1; undefined where the stack does not come from it. */
function lineOf(stack: string, source: string): number | undefined {
  const found = /code\.js:(\d+)/.exec(stack);
  if (found === null) return undefined;
  return Math.min(Math.max(Number(found[1]) - 1, 1), source.split('\n').length);
}

function memoryLimit(job: Job): Outcome {
  const megabytes = Math.round((job.memoryBytes / 1_048_576) * 10) / 10;
  return {
    code: 'code_limit',
    message: `The code needed more than its ${megabytes} MB of memory; do less, or raise \`memory\`.`,
  };
}

function resultLimit(): Outcome {
  return { code: 'code_limit', message: 'The returned value is larger than 4 MiB as JSON; return less.' };
}
