/** The OpenAPI document that a server gives out passes the linter without an error. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createApi } from '../src/api/api.ts';
import { serverParts } from '../src/testing/api.ts';

const LINTER = fileURLToPath(new URL('../node_modules/@redocly/cli/bin/cli.js', import.meta.url));
/** It asks nobody for news while it works. */
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

interface Found {
  readonly totals: { readonly errors: number; readonly warnings: number };
  readonly problems: readonly { readonly ruleId: string; readonly severity: string; readonly message: string }[];
}

function lint(file: string, folder: string): Promise<Found> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { ...process.env, ...QUIET }, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [LINTER, 'lint', file, '--format=json'], options, (error, stdout, stderr) => {
      if (stdout.includes('"totals"')) resolve(JSON.parse(stdout.slice(stdout.indexOf('{'))));
      else reject(new Error(`the linter said nothing: ${error?.message} ${stderr}`));
    });
  });
}

test('the linter finds nothing in the document, and it can find one', async () => {
  const app = await createApi(serverParts());
  const document = (await app.inject('/openapi.json')).json();
  await app.close();
  const folder = await mkdtemp(join(tmpdir(), 'openapi-'));
  try {
    const [good, bad] = [join(folder, 'good.json'), join(folder, 'bad.json')];
    await writeFile(good, JSON.stringify(document));
    await writeFile(bad, JSON.stringify({ ...document, paths: { '/x/{id}': { get: { responses: {} } } } }));
    const found = await lint(good, folder);
    expect(found.problems).toEqual([]);
    expect(found.totals).toMatchObject({ errors: 0, warnings: 0 });
    expect((await lint(bad, folder)).totals.errors).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
