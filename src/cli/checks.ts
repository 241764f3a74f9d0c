/** The checks of `myelin doctor`. Each gives one finding and never throws. */
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, type Reading, readConfig } from '../config/config.ts';
import { secretsOf } from '../config/tool-settings.ts';
import { type ModelSettings, modelProblem } from '../core/model-settings.ts';
import { ApiError, type Client, createClient } from '../sdk/index.ts';
import { type Credentials, findCredentials } from './credentials.ts';
import { failureOf } from './exit.ts';
import type { Io } from './io.ts';
import { pagesOf } from './setting-faults.ts';
import { PACKAGE_FILE, readVersion } from './version.ts';
import { workflowModelProblems } from './workflow-models.ts';

export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly what: string;
  readonly found: string;
  /** What to do about it. */
  readonly mend?: string;
}

const NODE_MAJOR = 24;
const GIB = 2 ** 30;
const LOW_DISK = 2 * GIB;
const FULL_DISK = GIB / 4;
/** Clocks that differ by more make signatures stale and schedules odd. */
const SKEW_MS = 5_000;
const ANSWER_MS = 5_000;

const ok = (what: string, found: string): Finding => ({ level: 'ok', what, found });
const warn = (what: string, found: string, mend: string): Finding => ({ level: 'warn', what, found, mend });
const fail = (what: string, found: string, mend: string): Finding => ({ level: 'fail', what, found, mend });

export async function checkAll(io: Io): Promise<Finding[]> {
  const read = readConfig(io.env, io.cwd);
  const credentials = attempt(() => findCredentials(io));
  const server = await checkServer(
    'value' in credentials ? credentials.value : undefined,
    new Set(Object.keys(read.config?.models.models ?? {})),
  );
  return [
    ok('version', readVersion()),
    checkNode(process.versions.node),
    ...checkSettings(read),
    ...(read.faults.some(({ path }) => path === 'DATABASE_URL') ? [] : [await checkDatabase(read, io)]),
    checkDisk(read.home),
    ...(read.config === undefined ? [] : [...checkModels(read.config.models), ...checkTools(read.config)]),
    'value' in credentials
      ? checkCredentials(credentials.value)
      : fail('credentials', credentials.message, 'Start the server once here, or set MYELIN_URL and MYELIN_API_KEY.'),
    ...server.findings,
    checkClock(Date.now(), server.serverTime),
  ];
}

function attempt<T>(read: () => T): { value: T } | { message: string } {
  try {
    return { value: read() };
  } catch (error) {
    return { message: failureOf(error).text };
  }
}

export function checkNode(version: string): Finding {
  if (Number.parseInt(version, 10) >= NODE_MAJOR) return ok('node', version);
  return fail('node', version, `Node.js ${NODE_MAJOR} or newer is needed: https://nodejs.org/en/download`);
}

/** A line for each fault, and below the last where to read about them. */
function checkSettings({ faults, home }: Reading): Finding[] {
  if (faults.length === 0) return [ok('settings', `home ${home}`)];
  return faults.map(({ path, message }, index): Finding => {
    const finding = { level: 'fail', what: 'settings', found: `${path}: ${message}` } as const;
    return index < faults.length - 1 ? finding : { ...finding, mend: pagesOf(faults) };
  });
}

/** One of our own is found by the file PostgreSQL keeps while it runs: pid first, port on the fourth line. */
async function checkDatabase(
  { databaseUrl, home }: Pick<Reading, 'databaseUrl' | 'home'>,
  { ping }: Io,
): Promise<Finding> {
  if (databaseUrl !== undefined) {
    const { host } = new URL(databaseUrl);
    if (ping === undefined) return ok('database', `${host}, by DATABASE_URL`);
    try {
      await ping(databaseUrl);
      return ok('database', `${host} answers`);
    } catch (error) {
      return fail(
        'database',
        `${host}: ${failureOf(error).text}`,
        'Check DATABASE_URL, and that PostgreSQL runs there.',
      );
    }
  }
  const lines = readOr(join(home, 'postgres', 'postmaster.pid'))?.split('\n');
  const [pid, port] = [Number(lines?.[0]), lines?.[3]];
  if (lines === undefined) return ok('database', 'embedded; it is started with the server');
  if (isAlive(pid)) return ok('database', `embedded, on port ${port}, process ${pid}`);
  return warn('database', `embedded; process ${pid} is gone`, 'Nothing to do: the next `myelin start` recovers it.');
}

/** Those that the settings name. A provider that nobody named is nobody's fault. */
export function checkModels(settings: ModelSettings): Finding[] {
  const names = Object.keys(settings.models);
  const keyless = names.flatMap((name) => {
    const { problem, instead } = modelProblem(settings, name);
    if (problem === null) return [];
    return instead === null
      ? [fail('model', name, `${problem}.`)]
      : [warn('model', `${name}, but ${instead} is asked instead`, `${problem}.`)];
  });
  if (keyless.length > 0 || names.length === 0) return keyless;
  return [ok('models', `${names.length} in the settings, each with what it needs`)];
}

/** The block itself was read with the settings; what it needs besides are secrets. */
function checkTools({ tools, secrets }: Config): Finding[] {
  const missing = tools.flatMap((source) =>
    secretsOf(source)
      .filter((name) => secrets[name] === undefined)
      .map((name) =>
        fail('tools', `${source.kind}:${source.name} needs the secret ${name}`, `Set MYELIN_SECRET_${name}.`),
      ),
  );
  if (missing.length > 0 || tools.length === 0) return missing;
  return [ok('tools', `${tools.length} in the settings, each with its secrets`)];
}

function checkDisk(home: string): Finding {
  const folder = nearest(home);
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return diskFinding(bavail * bsize, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(
      'disk',
      `${folder} cannot be written (${code})`,
      'Change its owner, or set MYELIN_HOME to another folder.',
    );
  }
}

export function diskFinding(free: number, folder: string): Finding {
  const found = `${(free / GIB).toFixed(1)} GiB free at ${folder}`;
  if (free >= LOW_DISK) return ok('disk', found);
  const mend = 'Free some, or set MYELIN_HOME to a folder of another disk.';
  return free >= FULL_DISK ? warn('disk', found, mend) : fail('disk', found, mend);
}

/** The folder, or the first above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function checkCredentials({ file, apiKey, url }: Credentials): Finding {
  if (apiKey === undefined) {
    const mend = 'Start the server once (it makes a key), run from its folder, or set MYELIN_API_KEY.';
    return warn('credentials', `no key for ${url}`, mend);
  }
  if (file === undefined) return ok('credentials', `from the environment, for ${url}`);
  const open = statSync(file).mode & 0o077;
  if (open === 0 || process.platform === 'win32') return ok('credentials', `${file}, for ${url}`);
  return warn('credentials', `${file} can be read by others`, `chmod 600 ${file}`);
}

interface ServerState {
  readonly findings: readonly Finding[];
  /** Milliseconds since the epoch, by its own clock; undefined where it did not say. */
  readonly serverTime: number | undefined;
}

/** `named`: models of the settings, which are looked at already. */
async function checkServer(credentials: Credentials | undefined, named: ReadonlySet<string>): Promise<ServerState> {
  if (credentials === undefined) return { findings: [], serverTime: undefined };
  const { url, apiKey } = credentials;
  let date = Number.NaN;
  const onResponse = (response: Response) => {
    date = Date.parse(response.headers.get('date') ?? '');
  };
  const client = createClient({ url, apiKey, timeout: ANSWER_MS, onResponse });
  const steps: (readonly [string, () => Promise<unknown>, string])[] = [
    ['server', () => client.health.live(), `live at ${url}`],
    ['ready', () => client.health.ready(), 'takes requests; its database answers'],
    ['key', () => client.workflows.list({ limit: 1 }), 'is accepted'],
  ];
  const findings: Finding[] = [];
  for (const [what, ask, found] of steps) {
    const finding = await ask().then(
      () => ok(what, found),
      (error: unknown) => serverFinding(what, error),
    );
    findings.push(finding);
    if (finding.level !== 'ok') break;
  }
  if (findings.every(({ level }) => level === 'ok')) findings.push(...(await checkWorkflowModels(client, named)));
  return { findings, serverTime: Number.isNaN(date) ? undefined : date };
}

/** Those that workflows name and no setting. */
async function checkWorkflowModels(client: Client, named: ReadonlySet<string>): Promise<Finding[]> {
  try {
    const problems = await workflowModelProblems(client, named);
    return problems.map((one) => {
      const [first, ...others] = one.in;
      const where = others.length === 0 ? `${first}` : `${first} and ${others.length} more`;
      return fail('model', `${one.model}, asked by ${where}`, `${one.problem}.`);
    });
  } catch (error) {
    return [serverFinding('model', error)];
  }
}

function serverFinding(what: string, error: unknown): Finding {
  const { text } = failureOf(error);
  if (error instanceof ApiError && error.code === 'unreachable') {
    return warn(what, text.split('. ')[0] ?? text, 'Start it with `myelin start`, or set MYELIN_URL.');
  }
  if (error instanceof ApiError && error.status === 401) {
    return fail(what, error.detail, 'Set MYELIN_API_KEY, or use the credentials.json that this server wrote.');
  }
  const mend = what === 'ready' ? 'Look at the log of the server, and at its database.' : 'Check MYELIN_URL.';
  return fail(what, text, mend);
}

/** Against the server's clock where one answered (its header counts whole seconds), else against our own files. */
export function checkClock(now: number, serverTime: number | undefined): Finding {
  const shown = new Date(now).toISOString();
  if (serverTime !== undefined) {
    const skew = Math.abs(now - serverTime);
    if (skew <= SKEW_MS) return ok('clock', `${shown}, as the server's`);
    return warn('clock', `${Math.round(skew / 1000)} s apart from the server's`, 'Set both clocks by NTP.');
  }
  const installed = statSync(PACKAGE_FILE).mtimeMs;
  if (now >= installed - SKEW_MS) return ok('clock', shown);
  return fail('clock', `${shown} is before this program was installed`, 'Set the clock by NTP.');
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
