/** The server of the commands: started, looked for, looked at; and lines that are no commands. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { at, problem, useCliStage, writeCredentials } from '../testing/cli-stage.ts';

const stage = useCliStage();
const { calls, cli, routes } = stage;

test('config prints each setting with its source, and no secret', async () => {
  const env = { PORT: '5000', MYELIN_SECRET_TOKEN: 'hush', MYELIN_API_KEY: 'hush' };
  const { exit, out } = await cli(['config'], { env });
  expect(exit).toBe(0);
  expect(out).toMatch(/PORT +5000 +environment/);
  expect(out).not.toContain('hush');
  expect(await cli(['config', '--json'], { env: { PORT: 'x' } })).toMatchObject({ exit: 1, err: '' });
});

test('doctor looks at everything and says how to mend it', async () => {
  routes['GET /health/live'] = () => ({ status: 200, body: { status: 'ok' } });
  routes['GET /health/ready'] = () => ({ status: 200, body: { status: 'ready' } });
  routes['GET /api/workflows'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  routes['GET /api/models'] = () => ({ status: 200, body: { items: [] } });
  const asked: string[] = [];
  const well = await cli(['doctor', '--json'], {
    env: { DATABASE_URL: 'postgres://u:p@db.test/x' },
    ping: async (database) => void asked.push(database),
  });
  const levels = (out: string) =>
    JSON.parse(out).map((one: { what: string; level: string }) => `${one.what} ${one.level}`);
  expect(levels(well.out)).toEqual(
    ['version', 'node', 'settings', 'database', 'disk', 'credentials', 'server', 'ready', 'key', 'clock'].map(
      (what) => `${what} ok`,
    ),
  );
  expect(well.exit).toBe(0);
  expect(asked).toEqual(['postgres://u:p@db.test/x']);

  writeCredentials(stage.folder, stage.url, 0o644);
  routes['GET /health/ready'] = () => problem(503, 'store_unavailable', 'PostgreSQL does not answer.');
  const ill = await cli(['doctor'], {
    env: { DATABASE_URL: 'postgres://u:p@db.test/x' },
    ping: () => Promise.reject(new Error('no route')),
  });
  expect(ill.exit).toBe(1);
  expect(ill.out).toContain('fail  database     db.test: no route\n');
  expect(ill.out).toContain('fail  ready        PostgreSQL does not answer.\n');
  expect(ill.out).toMatch(/warn {2}credentials .*\n +chmod 600 /);
  expect(ill.out).not.toContain('u:p@');
});

test('doctor names the missing key of a model that only workflows name', async () => {
  stage.file('.myelin/config.yaml', 'models: { openai:known: {} }\n');
  routes['GET /health/live'] = () => ({ status: 200, body: { status: 'ok' } });
  routes['GET /health/ready'] = () => ({ status: 200, body: { status: 'ready' } });
  const missing = 'OPENAI_API_KEY is not set; set it to your key of openai';
  const card = {
    ...{ price: null, window: null, maxOutputTokens: 4_096, tries: [], concurrency: null, perMinute: null },
    ...{ timeoutMs: null, retrievable: false },
  };
  const models = [
    { ...card, name: 'openai:*', provider: 'openai', problem: missing },
    { ...card, name: 'scripted:*', provider: 'scripted', problem: null },
  ];
  routes['GET /api/models'] = () => ({ status: 200, body: { items: models } });
  const same = { version: 1, status: 'active', createdAt: at, updatedAt: at };
  const shown = { description: null, nodes: 3, triggers: [], tool: null };
  const items = ['w1', 'w2'].map((id) => ({ ...same, ...shown, id, name: id }));
  const page = { status: 200, body: { items, nextCursor: null } };
  for (const query of ['', '?limit=1', '?limit=100']) routes[`GET /api/workflows${query}`] = () => page;
  for (const { id } of items) {
    const ask = (node: string, model: string) => ({ id: node, type: 'agent', config: { model, prompt: 'x' } });
    const nodes = [ask('a', 'openai:gpt-5'), ask('b', 'scripted:triage'), ask('c', 'openai:known')];
    const body = { ...same, id, name: id, definition: { name: id, nodes } };
    routes[`GET /api/workflows/${id}`] = () => ({ status: 200, body });
  }
  const { exit, out } = await cli(['doctor'], { ping: async () => undefined });
  expect(exit).toBe(1);
  expect(out).toMatch(
    /^fail {2}model +openai:gpt-5, asked by w1 and 1 more\n +OPENAI_API_KEY is not set; set it to your key of openai\.$/m,
  );
  expect(out.match(/asked by/g)).toHaveLength(1);
});

test('doctor has a line for each fault of the settings, and looks at the rest', async () => {
  stage.file('.myelin/config.yaml', 'provider: {}\nmodels: { smart: { mdel: a } }\ntools: { a: {} }\n');
  const { exit, out } = await cli(['doctor'], { ping: async () => undefined });
  expect(exit).toBe(1);
  const lines = out.split('\n');
  const first = lines.findIndex((line) => line.startsWith('fail  settings'));
  expect(lines[first]).toMatch(/^fail {2}settings +provider: .*\(did you mean providers\?\)/);
  expect(lines[first + 1]).toMatch(/^fail {2}settings +models\.smart\.mdel: unknown field/);
  expect(lines[first + 2]).toMatch(/^fail {2}settings +tools\.a: /);
  expect(lines[first + 3]).toMatch(
    /^ +docs\/configuration\.md and docs\/models\.md and docs\/tools\.md say what they take\.$/,
  );
  expect(out).toMatch(/^ok +database +embedded/m);
  expect(out).toMatch(/ disk +/);
  const wrong = await cli(['doctor'], { env: { DATABASE_URL: 'x' } });
  expect(wrong.out).toMatch(/^fail {2}settings +DATABASE_URL: /m);
  expect(wrong.out).not.toMatch(/ database /);
});

test('without a server the exit code is 3 and the message says where it looked', async () => {
  stage.close();
  expect(await cli(['workflows'])).toEqual({
    exit: 3,
    out: '',
    err: `myelin: Myelin cannot be reached at ${stage.url}: connection refused. Start it with \`myelin start\`, or check the address.\n`,
  });
  const { exit, out } = await cli(['workflows', '--json']);
  expect({ exit, code: JSON.parse(out).error.code }).toEqual({ exit: 3, code: 'unreachable' });
  expect(await cli(['doctor'])).toMatchObject({ exit: 0 });
});

test('a key goes only to the server it is of', async () => {
  const seen: unknown[] = [];
  routes['GET /api/executions'] = ({ headers }) => {
    seen.push(headers.authorization);
    return { status: 200, body: { items: [], nextCursor: null } };
  };
  await cli(['executions'], { env: { MYELIN_URL: stage.url } });
  writeCredentials(stage.folder, 'http://other.test');
  await cli(['executions'], { env: { MYELIN_URL: stage.url } });
  await cli(['executions'], { env: { MYELIN_URL: stage.url, MYELIN_API_KEY: 'key-2' } });
  const home = join(stage.folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'credentials.json'), JSON.stringify({ apiKey: 'key-3', url: stage.url }));
  await cli(['executions'], { env: { MYELIN_HOME: 'home' } });
  expect(seen).toEqual(['Bearer key-1', undefined, 'Bearer key-2', 'Bearer key-3']);
  writeFileSync(join(stage.folder, '.myelin', 'credentials.json'), '{}');
  expect((await cli(['executions'])).err).toContain('credentials.json does not hold { "url", "apiKey" }');
  expect((await cli(['executions'], { env: { MYELIN_URL: 'nonsense' } })).err).toContain('MYELIN_URL is "nonsense"');
});

test('start runs the server until it is asked to end, and says where it is', async () => {
  const asked = new AbortController();
  let stops = 0;
  const running = cli(['start'], {
    env: { PORT: '0', MYELIN_HOME: '.myelin' },
    start: async ({ home }) => {
      expect(home).toBe(join(stage.folder, '.myelin'));
      setImmediate(() => asked.abort());
      return { url: stage.url, ownerKey: undefined, asked: asked.signal, stop: async () => void stops++ };
    },
  });
  const { exit, out } = await running;
  expect({ exit, stops }).toEqual({ exit: 0, stops: 1 });
  expect(out).toContain(`listens on ${stage.url}\n`);
  expect(out).toContain(`${stage.url}/docs`);
  expect(out).toContain(join(stage.folder, '.myelin', 'credentials.json'));
  expect(out).not.toContain('key-1');
});

test('start has a link that signs a browser in, made with its key; none is in JSON or without the role api', async () => {
  const url = 'http://127.0.0.1:4400/sign-in#token';
  const keys: unknown[] = [];
  routes['POST /api/sign-in/links'] = ({ headers }) => {
    keys.push(headers.authorization);
    return { status: 200, body: { url, expiresAt: '2026-07-01T12:00:00.000Z' } };
  };
  const starting = async (args: string[], env: Record<string, string>) => {
    const asked = new AbortController();
    const start = async () => {
      return { url: stage.url, ownerKey: undefined, asked: asked.signal, stop: async () => undefined };
    };
    let written = '';
    const stdout = {
      write: (text: string) => {
        written += text;
        asked.abort();
      },
    };
    expect((await cli(['start', ...args], { env, start, stdout })).exit).toBe(0);
    return written;
  };
  const env = { MYELIN_HOME: '.myelin' };
  expect(await starting([], env)).toContain(`  open       ${url}  (signs this browser in, once, within 10 minutes)\n`);
  expect(keys).toEqual(['Bearer key-1']);
  expect(await starting(['--json'], env)).not.toContain('sign-in');
  expect(await starting([], { ...env, MYELIN_ROLES: 'worker' })).not.toContain('sign-in');
  expect(await starting([], { MYELIN_HOME: 'elsewhere' })).not.toContain('sign-in');
  expect(keys).toHaveLength(1);
  routes['POST /api/sign-in/links'] = () => problem(401, 'unauthorized', 'No project has this key; check it.');
  expect(await starting([], env)).not.toMatch(/open|No project/);
});

test('open prints a link that signs a browser in', async () => {
  const link = { url: 'https://myelin.test/sign-in#token', expiresAt: '2026-07-01T12:00:00.000Z' };
  routes['POST /api/sign-in/links'] = () => ({ status: 200, body: link });
  const { exit, out, err } = await cli(['open']);
  expect({ exit, out }).toEqual({ exit: 0, out: `${link.url}\n` });
  expect(err).toContain('once, within 10 minutes');
  const asJson = await cli(['open', '--json']);
  expect({ ...asJson, out: JSON.parse(asJson.out) }).toEqual({ exit: 0, out: link, err: '' });
  routes['POST /api/sign-in/links'] = () => problem(401, 'unauthorized', 'No project has this key; check it.');
  expect(await cli(['open'])).toMatchObject({ exit: 4, out: '' });
});

test('the key that a start has made is shown; a demonstration that fails ends nothing', async () => {
  const asked = new AbortController();
  routes['POST /api/workflows'] = () => problem(503, 'store_unavailable', 'PostgreSQL does not answer.');
  const start = async () => ({ url: stage.url, ownerKey: 'myl_new', asked: asked.signal, stop: async () => undefined });
  let err = '';
  const stderr = {
    write: (text: string) => {
      err += text;
      if (text.includes('runs on')) asked.abort();
    },
  };
  const { exit, out } = await cli(['start'], { start, stderr });
  expect(exit).toBe(0);
  expect(out).toContain('myl_new (shown this once)');
  expect(calls).toEqual(['POST /api/sign-in/links', 'POST /api/workflows?activate=true']);
  expect(err).toContain('The demonstration ended early: PostgreSQL does not answer.');
});

test.each([
  [{ MYELIN_DEMO: 'off' }, ['start']],
  [{ MYELIN_ROLES: 'api,webhook' }, ['start']],
  [{}, ['start', '--json']],
])('there is no demonstration with %j and %j', async (env, args) => {
  const start = async () => {
    const asked = new AbortController();
    setImmediate(() => asked.abort());
    return { url: stage.url, ownerKey: 'myl_new', asked: asked.signal, stop: async () => undefined };
  };
  expect((await cli(args, { env, start })).exit).toBe(0);
  expect(calls).toEqual([]);
});

const listenError = (code: string, syscall = 'listen') =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

test.each([
  [new MyelinError('home_in_use', 'Another Myelin (process 7) runs on /x'), /process 7.*\nEach server needs.*PORT=/],
  [new MyelinError('schema_newer', 'The database is at 9, this program at 3'), /at 9.*\nStart the newer version/],
  [new MyelinError('postgres_failed', 'It did not start: read /x/postgres.log'), /postgres\.log\nRead the log/],
  [listenError('EADDRINUSE'), /Another program listens on port 4400 of 127\.0\.0\.1\.\n.*PORT=4401 npm start/],
  [listenError('EACCES'), /127\.0\.0\.1:4400 \(EACCES\)\.\nSet PORT/],
  [listenError('ENOTFOUND', 'getaddrinfo'), /HOST=127\.0\.0\.1 is no name of this machine\.\nSet it/],
  [new Error('Something else.'), /Something else\.\nLook for the cause with: npx myelin doctor/],
])('a start that fails with %s says what to do in two lines', async (thrown, said) => {
  const { exit, out, err } = await cli(['start'], { start: () => Promise.reject(thrown) });
  expect({ exit, out }).toEqual({ exit: 1, out: '' });
  expect(err).toMatch(said);
  expect(err.trimEnd().split('\n')).toHaveLength(2);
});

test('a setting that is not valid keeps the server from starting, and is named', async () => {
  const { exit, err } = await cli(['start'], { env: { PORT: 'x' } });
  expect(exit).toBe(1);
  expect(err).toMatch(/PORT: "x".*\ndocs\/configuration\.md says what they take\.\n$/);
  stage.file('.myelin/config.yaml', 'models: { smart: {} }\ntools: { a: {} }\n');
  expect((await cli(['start'])).err).toMatch(/\ndocs\/models\.md and docs\/tools\.md say what they take\.\n$/);
});

test('a command line that is wrong exits 2, help and version 0', async () => {
  expect(await cli(['deploi', 'x'])).toMatchObject({ exit: 2, out: '' });
  expect((await cli(['deploi', 'x'])).err).toContain('Did you mean deploy?');
  expect(await cli(['watch'])).toMatchObject({ exit: 2, out: '' });
  expect(await cli([])).toMatchObject({ exit: 2, out: '' });
  expect(await cli(['--help'])).toMatchObject({ exit: 0, err: '' });
  expect((await cli(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  for (const name of ['deploy', 'watch', 'doctor']) expect((await cli([name, '--help'])).out).toContain('--json');
});
