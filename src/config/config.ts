/**
 * One validated, frozen object from environment, `<home>/config.yaml` and defaults, in this order of strength.
 * All faults are reported at once. An empty variable counts as unset, as compose files and CI produce them.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { Fault } from '../core/errors.ts';
import { MyelinError } from '../core/errors.ts';
import { type ModelSettings, parseModelSettings } from '../core/model-settings.ts';
import { assertSafe } from '../core/safe-json.ts';
import { suggest } from '../core/suggest.ts';
import type { Environment } from './environment.ts';
import type { Setting } from './settings.ts';
import { SECRET_NAME, SECRET_PREFIX, SETTINGS } from './settings.ts';
import { readToolSettings, type ToolSettings } from './tool-settings.ts';

export type Source = 'default' | 'environment' | 'file';

type Values = { readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never };

export interface Config extends Values {
  /** Of the blocks `providers` and `models` of the file. */
  readonly models: ModelSettings;
  /** The block `tools:` of the file. */
  readonly tools: ToolSettings;
  /** Values of `MYELIN_SECRET_*` by the rest of the name; no prototype. Never log them. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where each setting came from, by its name in the environment. */
  readonly sources: Readonly<Record<string, Source>>;
}

interface Given {
  readonly text: string;
  readonly source: Source;
}

interface File {
  readonly given: ReadonlyMap<string, Given>;
  /** What stands under the names of `BLOCKS`. */
  readonly blocks: ReadonlyMap<string, unknown>;
}

const FILE = 'config.yaml';
/** Names of the file that have a structure, and no variable in the environment. */
const BLOCKS: ReadonlySet<string> = new Set(['providers', 'models', 'tools']);
const NAMES = new Set(Object.values(SETTINGS).map((setting) => setting.name));

/** What was read. Where there are faults, no more than what `doctor` looks at can be relied upon. */
export interface Reading {
  /** Undefined where there are faults. */
  readonly config: Config | undefined;
  readonly faults: readonly Fault[];
  readonly home: string;
  /** Undefined where its value is not valid, too. */
  readonly databaseUrl: string | undefined;
}

/**
 * Throws `config_refused`, with every fault in `data`, when a value is not valid, when the file is not YAML, and
 * when it holds a name that is no setting. Unknown names of the environment are ignored: they may belong to others.
 */
export function loadConfig(env: Environment, cwd: string): Config {
  const { config, faults } = readConfig(env, cwd);
  if (config === undefined) throw refusal(faults);
  return config;
}

/** The same, and never throws. */
export function readConfig(env: Environment, cwd: string): Reading {
  const faults: Fault[] = [];
  const home = resolve(cwd, env[SETTINGS.home.name] || SETTINGS.home.default!);
  const file = readFile(join(home, FILE), faults);
  const given = new Map([...file.given, ...readEnvironment(env)]);
  const values: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const [key, setting] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const found = given.get(setting.name);
    sources[setting.name] = found?.source ?? 'default';
    values[key] = parse(setting, found, faults);
  }
  const secrets = readSecrets(given, sources, faults);
  const written = { providers: file.blocks.get('providers'), models: file.blocks.get('models') };
  const models = parseModelSettings(written, (name) => env[name] || secrets[name], faults);
  const tools = readToolSettings(file.blocks.get('tools'), home, faults);
  // The table's schemas have proved each value where there is no fault; a mapped type cannot follow the loop.
  const proved = values as unknown as Values;
  const config = Object.freeze({ ...proved, home, models, tools, secrets, sources: Object.freeze(sources) });
  return { config: faults.length > 0 ? undefined : config, faults, home, databaseUrl: proved.databaseUrl };
}

function parse(setting: Setting<unknown>, found: Given | undefined, faults: Fault[]): unknown {
  const text = found?.text ?? setting.default;
  if (text === undefined) return undefined;
  const result = setting.schema.safeParse(text);
  if (result.success) return Object.freeze(result.data);
  const shown = setting.mask ? 'the value (not shown)' : JSON.stringify(text);
  const message = `${shown} of the ${found?.source ?? 'default'} is not valid: it ${result.error.issues[0]!.message}`;
  faults.push({ path: setting.name, message });
  return undefined;
}

function readEnvironment(env: Environment): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const [name, text] of Object.entries(env)) {
    if (text && (NAMES.has(name) || name.startsWith(SECRET_PREFIX))) given.set(name, { text, source: 'environment' });
  }
  return given;
}

function readFile(path: string, faults: Fault[]): File {
  const given = new Map<string, Given>();
  const blocks = new Map<string, unknown>();
  for (const [name, value] of readEntries(path, faults)) {
    if (BLOCKS.has(name)) blocks.set(name, plainBlock(name, value, faults));
    else if (!NAMES.has(name) && !name.startsWith(SECRET_PREFIX)) {
      faults.push({
        path: name,
        message: `is in ${path} but is no setting${suggest(name, [...BLOCKS, ...NAMES])}; docs/configuration.md lists them all`,
      });
    } else if (name === SETTINGS.home.name) {
      faults.push({ path: name, message: `cannot be set in ${path}, which is found by it; use the environment` });
    } else if (!isPlain(value)) {
      faults.push({ path: name, message: `in ${path} takes text, a number or a list of them` });
    } else if (value !== null && value !== '') {
      given.set(name, { text: String(value), source: 'file' });
    }
  }
  return { given, blocks };
}

/** Its maps as objects; undefined where a key would reach a prototype. */
function plainBlock(name: string, value: unknown, faults: Fault[]): unknown {
  try {
    const plain = unmapped(value);
    assertSafe(plain);
    return plain;
  } catch (error) {
    faults.push({ path: name, message: (error as Error).message });
    return undefined;
  }
}

function unmapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmapped);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, one]) => [String(key), unmapped(one)]));
}

const isPlain = (value: unknown): boolean =>
  value === null ||
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((item) => !Array.isArray(item) && isPlain(item)));

function readEntries(path: string, faults: Fault[]): Iterable<[string, unknown]> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // ENOTDIR: the home folder itself will be complained about by who makes it.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') faults.push({ path, message: `cannot be read: ${message}` });
    return [];
  }
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
  for (const error of document.errors) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    faults.push({ path: `${path}:${line}`, message: `is not valid YAML (${error.code})` });
  }
  if (document.errors.length > 0 || document.contents === null) return [];
  // As a Map, so that a key such as __proto__ is only an unknown name.
  const content: unknown = document.toJS({ mapAsMap: true });
  if (content instanceof Map) return [...content].map(([name, value]) => [String(name), value]);
  if (content !== null) faults.push({ path, message: 'takes lines of the form NAME: value' });
  return [];
}

function readSecrets(given: Map<string, Given>, sources: Record<string, Source>, faults: Fault[]): Config['secrets'] {
  const secrets: Record<string, string> = Object.create(null);
  for (const [name, { text, source }] of given) {
    if (!name.startsWith(SECRET_PREFIX)) continue;
    const key = name.slice(SECRET_PREFIX.length);
    if (SECRET_NAME.test(key)) {
      secrets[key] = text;
      sources[name] = source;
    } else {
      const message = `cannot be the name of a secret: after ${SECRET_PREFIX} comes a letter, then letters, digits, _`;
      faults.push({ path: name, message });
    }
  }
  return Object.freeze(secrets);
}

function refusal(faults: readonly Fault[]): MyelinError {
  const lines = faults.map((fault) => `  ${fault.path}: ${fault.message}`);
  const head = faults.length === 1 ? 'A setting is not valid:' : `${faults.length} settings are not valid:`;
  return new MyelinError('config_refused', [head, ...lines].join('\n'), faults);
}
