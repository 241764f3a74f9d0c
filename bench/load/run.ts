/** Runs the load generator as a process of its own, so that it shares no event loop with what it measures. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadOptions, LoadResult } from './options.ts';

const GENERATOR = fileURLToPath(new URL('./generator.ts', import.meta.url));

/** Resolves when the measured time is over and answers are in. Rejects where the generator itself fails. */
export function runLoad(options: LoadOptions): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [GENERATOR, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as LoadResult);
      else reject(new Error(`The load generator ended with code ${code}; its errors are above.`));
    });
  });
}
