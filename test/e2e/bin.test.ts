import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A copy of `bin/myelin.js` with a program of the test's own behind it. */
let root: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'myelin-bin-'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  copyFileSync(new URL('../../bin/myelin.js', import.meta.url), join(root, 'bin', 'myelin.js'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

const program = (source: string) => writeFileSync(join(root, 'src', 'main.ts'), source);

/** Puts the Node of this test where the optional dependency would be. */
function installNode(version = process.versions.node): void {
  const home = join(root, 'node_modules', `node-${process.platform}-${process.arch}`);
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ version }));
  symlinkSync(process.execPath, join(home, 'bin', 'node'));
}

const OLD = `--import=data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.1.0'})`;

function run(flags: string[], args: string[] = []): ChildProcess {
  const child = spawn(process.execPath, [...flags, join(root, 'bin', 'myelin.js'), ...args], { stdio: 'pipe' });
  children.push(child);
  return child;
}

async function outcome(child: ChildProcess) {
  const [out, err, [code, signal]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'exit')]);
  return { out, err, code, signal };
}

const ECHO = `const seen: string = JSON.stringify([process.versions.node, ...process.argv.slice(2)]);
  console.log(seen);
  process.exitCode = 7;`;

test('a Node that is new enough runs the program itself, with arguments and exit code', async () => {
  program(ECHO);
  const { out, code } = await outcome(run([], ['start', '--x']));
  expect(JSON.parse(out)).toEqual([process.versions.node, 'start', '--x']);
  expect(code).toBe(7);
});

test('an older one hands over to the Node that was installed beside it', async () => {
  program(ECHO);
  installNode();
  const { out, code } = await outcome(run([OLD], ['start', '--x']));
  expect(JSON.parse(out)).toEqual([process.versions.node, 'start', '--x']);
  expect(code).toBe(7);
});

test('signals reach the program behind an older Node, and its death by signal is passed on', async () => {
  program(`process.once('SIGTERM', () => { console.log('term'); process.kill(process.pid, 'SIGTERM'); });
    setInterval(() => {}, 1e6);
    console.log('up');`);
  installNode();
  const child = run([OLD]);
  await once(child.stdout!, 'data');
  child.kill('SIGTERM');
  const { out, signal } = await outcome(child);
  expect(out).toBe('term\n');
  expect(signal).toBe('SIGTERM');
});

test('kill -9 of the older Node ends the program too', async () => {
  // The pipe of the program's output closes when the last process that holds it is gone.
  program(`setInterval(() => {}, 1e6); console.log('up');`);
  installNode();
  const child = run([OLD]);
  await once(child.stdout!, 'data');
  const closed = once(child.stdout!, 'end');
  child.stdout!.resume();
  child.kill('SIGKILL');
  await closed;
  expect(child.signalCode).toBe('SIGKILL');
});

test.each([
  ['none', () => {}],
  ['only an older one', () => installNode('22.0.0')],
])('with %s beside it the message says what is there, what is needed and how to get it', async (_, prepare) => {
  program(ECHO);
  prepare();
  const { out, err, code } = await outcome(run([OLD]));
  expect(out).toBe('');
  expect(err).toMatch(/Node\.js 24 or newer is needed; this is 20\.1\.0/);
  expect(err).toContain('npm install --include=optional');
  expect(code).toBe(1);
});
