/** Programs that behave and programs that do not, in real threads. */
import { afterAll, describe, expect, it } from 'vitest';
import type { MyelinError } from '../../core/errors.ts';
import type { Program } from '../../ports/sandbox.ts';
import { createSandbox } from './sandbox.ts';

const sandbox = createSandbox();
afterAll(() => sandbox.stop());

const program = (source: string, more: Partial<Program> = {}): Program => ({
  source,
  globals: {},
  timeoutMs: 5_000,
  memoryBytes: 64 * 1024 * 1024,
  signal: new AbortController().signal,
  ...more,
});
const run = (source: string, more?: Partial<Program>) => sandbox.run(program(source, more));
const fault = (source: string, more?: Partial<Program>): Promise<MyelinError> =>
  run(source, more).then(
    (result) => expect.fail(`it returned ${JSON.stringify(result)}`),
    (error: MyelinError) => error,
  );

describe('results', () => {
  it.each([
    ['return 1 + 1', 2],
    ['', null],
    ['return undefined', null],
    ['return null', null],
    ['return "zwölf 🎯"', 'zwölf 🎯'],
    ['return { a: [1, { b: true }], c: undefined }', { a: [1, { b: true }] }],
    ['return [undefined, NaN]', [null, null]],
    ['return new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['return await Promise.resolve(7)', 7],
    ['const all = await Promise.all([1, 2].map(async (n) => n * 2)); return all', [2, 4]],
    ['return 5 // a comment at the end', 5],
    ['JSON.stringify = () => "[1]"; Object.keys = null; return { kept: 1 }', { kept: 1 }],
  ])('%s', async (source, result) => {
    expect(await run(source)).toEqual(result);
  });

  it('copies the globals in and leaves the originals alone', async () => {
    const $json = { items: [{ price: 2 }, { price: 3 }] };
    const source = '$json.items.push({ price: 4 }); return $json.items.reduce((sum, item) => sum + item.price, $more)';
    expect(await run(source, { globals: { $json, $more: 1, $gone: undefined } })).toBe(10);
    expect($json.items).toHaveLength(2);
  });

  it.each([
    ['return () => 1', 'is a function'],
    ['return { a: { go() {} } }', 'holds a function in "go"'],
    ['return { a: 1n }', 'holds a BigInt in "a"'],
    ['return { a: new Map() }', 'holds a Map in "a"'],
    ['const a = {}; a.a = a; return a', 'contains itself'],
    ['await new Promise(() => {})', 'nothing settles'],
  ])('%s is refused', async (source, message) => {
    const error = await fault(source);
    expect(error.code).toBe('code_failed');
    expect(error.message).toContain(message);
  });

  it('refuses globals that are not JSON, keys that reach a prototype, and deep nesting', async () => {
    expect((await fault('return 1', { globals: { big: 1n } })).code).toBe('code_failed');
    expect((await fault('return JSON.parse(\'{"__proto__": {"a": 1}}\')')).code).toBe('unsafe_key');
    expect((await fault('let a = []; for (let i = 0; i < 500; i++) a = [a]; return a')).code).toBe('too_deep');
  });

  it('takes 4 MiB and no more, counted in bytes', async () => {
    expect(await run('return "x".repeat(4 * 1024 * 1024 - 2)')).toHaveLength(4 * 1024 * 1024 - 2);
    expect((await fault('return "x".repeat(4 * 1024 * 1024)')).code).toBe('code_limit');
    expect((await fault('return "ö".repeat(3 * 1024 * 1024)')).code).toBe('code_limit');
  });
});

describe('errors', () => {
  it.each([
    ['const a = 1;\nnull.foo;\nreturn a', 2, 'TypeError: cannot read property'],
    ['\n\nreturn 1 + ;', 3, 'SyntaxError'],
    ['function deep() {\n  throw new RangeError("no");\n}\ndeep()', 2, 'RangeError: no (line 2)'],
    ['await null;\nthrow new Error("late")', 2, 'late'],
    ['if (true) {', 1, 'SyntaxError'],
  ])('%j names line %d', async (source, line, message) => {
    const error = await fault(source);
    expect(error).toMatchObject({ code: 'code_failed', kind: 'permanent', data: { line } });
    expect(error.message).toContain(message);
  });

  it.each(['throw "just text"', 'throw { message: "just text" }', 'return Promise.reject("just text")'])(
    '%s',
    async (source) => {
      const error = await fault(source);
      expect(error.code).toBe('code_failed');
      expect(error.message).toContain('just text');
    },
  );

  it('survives an error that fights back', async () => {
    const error = await fault('throw new Proxy({}, { get() { throw new Error("gotcha") } })');
    expect(error.code).toBe('code_failed');
  });
});

describe('limits', () => {
  const short = { timeoutMs: 200 };
  it.each([
    ['an endless loop', 'for (;;) {}'],
    ['an endless loop that catches', 'for (;;) { try { for (;;) {} } catch {} }'],
    ['an endless loop of jobs', 'const again = () => Promise.resolve().then(again); await again()'],
    ['a regular expression that explodes', 'return /^(a+)+$/.test("a".repeat(60) + "b")'],
    ['an error whose reading never ends', 'throw new Proxy(new Error(), { get() { for (;;) {} } })'],
    ['a result whose writing never ends', 'return { toJSON() { for (;;) {} } }'],
    ['a built-in that QuickJS does not interrupt', 'return new Array(1e9).join("x")'],
    ['recursion that catches itself', 'function f() { try { return f() + 1 } catch { return f() } } return f()'],
  ])('time: %s', async (_name, source) => {
    const error = await fault(source, short);
    expect(error.code).toBe('code_limit');
    expect(error.message).toContain('200 ms');
  });

  it.each([
    ['10 GB in pieces', 'const a = []; for (;;) a.push("x".repeat(1e6) + a.length)'],
    ['10 GB at once', 'return new ArrayBuffer(10e9).byteLength'],
    ['1 GB at once', 'return new Uint8Array(1e9).length'],
    ['objects', 'const a = []; for (;;) a.push({})'],
    ['a sparse array filled', 'const a = []; a.length = 4e9; return a.fill(0).length'],
    ['a doubled text', 'let s = "a"; for (;;) s += s'],
    ['a replacement that grows', 'return "0".repeat(2e7).replace(/0/g, "00000000000").length'],
  ])('memory: %s', async (_name, source) => {
    const error = await fault(source, { timeoutMs: 60_000 });
    expect(error.code).toBe('code_limit');
    expect(error.message).toContain('64 MB');
  });

  it.each([
    ['recursion', 'function f() { return f() + 1 } return f()'],
    ['a source nested too deeply', 'return eval("(".repeat(1e6))'],
  ])('stack: %s', async (_name, source) => {
    expect((await fault(source)).code).toBe('code_limit');
  });

  it('gives more memory where more is allowed', async () => {
    const source = 'return new Uint8Array(100e6).length';
    expect((await fault(source)).code).toBe('code_limit');
    expect(await run(source, { memoryBytes: 256 * 1024 * 1024 })).toBe(100e6);
  });
});

describe('walls', () => {
  const names = ['process', 'require', 'fetch', 'module', 'Buffer', 'std', 'os', 'WebAssembly', 'Worker', 'console'];
  it.each([...names, 'setTimeout', 'structuredClone', 'performance', 'Deno', 'Bun', 'print', 'postMessage'])(
    '%s is not there',
    async (name) => {
      expect(await run(`return typeof ${name} + typeof globalThis[${JSON.stringify(name)}]`)).toBe(
        'undefinedundefined',
      );
    },
  );

  it.each([
    'return this.constructor.constructor("return process")()',
    'return $json.constructor.constructor("return process.env")()',
    '}); process.exit(1); (async function () {',
    'return (await import("node:fs")).readFileSync("/etc/passwd", "utf8")',
    'return require("child_process").fork("x")',
    'return require("fs").readFileSync("/etc/passwd", "utf8")',
    'return await fetch("http://127.0.0.1")',
    'return Function("return process")().pid',
    'return eval("process").pid',
    'return new Error().constructor.prepareStackTrace(1, 2)',
  ])('%s', async (source) => {
    const error = await fault(source, { globals: { $json: {} } });
    expect(error.code).toBe('code_failed');
  });

  it('holds nothing but the language and the globals given', async () => {
    const known = Object.getOwnPropertyNames(globalThis);
    const names = (await run('return Object.getOwnPropertyNames(globalThis)', { globals: { $json: 1 } })) as string[];
    const own = names.filter((name) => !known.includes(name));
    expect(own.sort()).toEqual(['$json', 'InternalError']);
  });

  it('leaves nothing to the next run', async () => {
    const single = createSandbox({ maxThreads: 1 });
    const source =
      'globalThis.left = 1; Object.prototype.left = 1; Array.prototype.map = null; JSON.stringify = null; return left';
    expect(await single.run(program(source))).toBe(1);
    const check = 'return [typeof left, ({}).left ?? null, typeof [].map, typeof JSON.stringify]';
    expect(await single.run(program(check))).toEqual(['undefined', null, 'function', 'function']);
    await single.stop();
  });
});

describe('the pool', () => {
  it('runs 50 programs on 2 threads, each with its own answer', async () => {
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    const results = await Promise.all(numbers.map(($n) => run('return $n * $n', { globals: { $n } })));
    expect(results).toEqual(numbers.map((number) => number * number));
  });

  it('frees the thread when the signal aborts, and takes waiting programs out of the queue', async () => {
    const single = createSandbox({ maxThreads: 1 });
    await single.run(program('return 1'));
    const abort = new AbortController();
    const endless = single.run(program('for (;;) {}', { timeoutMs: 300_000, signal: abort.signal }));
    const queued = single.run(program('return 2', { signal: abort.signal }));
    const next = single.run(program('return 3'));
    const ends = Promise.allSettled([endless, queued]);
    abort.abort();
    const [first, second] = await ends;
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'interrupted', kind: 'transient' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'interrupted' } });
    expect(await next).toBe(3);
    await expect(single.run(program('return 4', { signal: abort.signal }))).rejects.toThrow('stopped');
    await single.stop();
  });

  it('replaces a thread that had to be ended', async () => {
    const single = createSandbox({ maxThreads: 1 });
    const stuck = single.run(program('return new Array(1e9).join("x")', { timeoutMs: 50 }));
    await expect(stuck).rejects.toMatchObject({ code: 'code_limit' });
    expect(await single.run(program('return "again"'))).toBe('again');
    await single.stop();
  });

  it('stop ends what runs and what waits, and refuses what comes after', async () => {
    const single = createSandbox({ maxThreads: 1 });
    const ends = Promise.allSettled([
      single.run(program('for (;;) {}', { timeoutMs: 300_000 })),
      single.run(program('return 1')),
    ]);
    await single.stop();
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'shutting_down' } });
    await expect(single.run(program('return 1'))).rejects.toMatchObject({ code: 'shutting_down' });
  });
});
