/**
 * Which models an operator set up: the blocks `providers` and `models` of the settings. A model is asked for by the
 * name of an entry of `models`, or as `provider:model`, which may have an entry of its own too.
 */
import { z } from 'zod';
import { issueFaults } from './definition/issue-faults.ts';
import { durationSchema, parseDuration } from './duration.ts';
import type { Fault } from './errors.ts';
import { type Price, priceSchema } from './price.ts';
import { suggest } from './suggest.ts';

/** The ways in which providers are spoken to. `openai` is the Responses API, `openai-chat` Chat Completions. */
const WIRE_TYPES = ['openai', 'openai-chat', 'openai-compatible', 'anthropic', 'google'] as const;
export type WireType = (typeof WIRE_TYPES)[number];

export interface ProviderSettings {
  readonly name: string;
  readonly type: WireType | 'scripted';
  /** Without a slash at its end; empty for `scripted`. */
  readonly baseUrl: string;
  /** The variable or secret that has the key; null: it takes none. */
  readonly key: string | null;
}

export interface ModelRow {
  /** `provider:model`. */
  readonly model: string;
  readonly tries: readonly string[];
  readonly price: Price | null;
  readonly window: number | null;
  readonly maxOutputTokens: number;
  readonly retrievable: boolean;
  readonly concurrency: number | null;
  readonly perMinute: number | null;
  readonly timeoutMs: number | null;
}

/** Records without a prototype. */
export interface ModelSettings {
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  /** By the name that the operator gave. */
  readonly models: Readonly<Record<string, ModelRow>>;
  /** Values of the keys that are set, by their variable. Never log them. */
  readonly keys: Readonly<Record<string, string>>;
}

const BUILT_IN: readonly ProviderSettings[] = [
  { name: 'openai', type: 'openai', baseUrl: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY' },
  { name: 'openai-chat', type: 'openai-chat', baseUrl: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY' },
  { name: 'anthropic', type: 'anthropic', baseUrl: 'https://api.anthropic.com/v1', key: 'ANTHROPIC_API_KEY' },
  {
    name: 'google',
    type: 'google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    key: 'GOOGLE_GENERATIVE_AI_API_KEY',
  },
  { name: 'scripted', type: 'scripted', baseUrl: '', key: null },
];
const DEFAULT_MAX_OUTPUT_TOKENS = 4_096;

const PROVIDER_NAME = /^(?!(?:constructor|prototype)$)[a-z][a-z0-9-]{0,63}$/;
/** An alias, or `provider:model`. */
const MODEL_NAME = /^(?!(?:constructor|prototype)$)[A-Za-z][A-Za-z0-9._-]{0,99}(?::[^\s\p{Cc}]{1,150})?$/u;

const providerSchema = z.strictObject({
  type: z.enum(WIRE_TYPES).optional(),
  baseUrl: z
    .string()
    .max(2_000)
    .refine(isHttpUrl, 'takes an address such as http://127.0.0.1:11434/v1, without user, password or query')
    .optional(),
  // Capitals only: a key that was put here by mistake is refused, and shown nowhere.
  key: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'takes the name of a variable or secret in capitals, never the key itself')
    .optional(),
});

const name = z.string().regex(MODEL_NAME, 'takes provider:model, or the name of another entry');
const whole = (most: number) => z.int().min(1).max(most);

const modelSchema = z.strictObject({
  model: z
    .string()
    .regex(/^[a-z][a-z0-9-]*:[^\s\p{Cc}]{1,150}$/u, 'takes provider:model')
    .optional(),
  try: z.array(name).min(1).max(10).optional(),
  price: priceSchema.optional(),
  window: whole(100_000_000).optional(),
  maxOutputTokens: whole(10_000_000).optional(),
  timeout: durationSchema.optional(),
  concurrency: whole(100_000).optional(),
  perMinute: whole(10_000_000).optional(),
  retrievable: z.boolean().optional(),
});
type WrittenModel = z.infer<typeof modelSchema>;

/**
 * The settings, out of the two blocks as they were written (undefined: not there); what is wrong goes to `faults`,
 * all of it. `keyOf` has the value of a variable or secret.
 */
export function parseModelSettings(
  written: { readonly providers: unknown; readonly models: unknown },
  keyOf: (name: string) => string | undefined,
  faults: Fault[],
): ModelSettings {
  const providers: Record<string, ProviderSettings> = Object.create(null);
  for (const one of BUILT_IN) providers[one.name] = one;
  for (const [key, value] of entries('providers', written.providers, providerSchema, PROVIDER_NAME, faults)) {
    const provider = toProvider(key, value, providers[key], faults);
    if (provider !== undefined) providers[key] = provider;
  }
  const rows = new Map(entries('models', written.models, modelSchema, MODEL_NAME, faults));
  const named = { providers: namesOf(written.providers), models: namesOf(written.models) };
  for (const [key, row] of rows) faults.push(...rowFaults(key, row, rows, providers, named));
  faults.push(...currencyFaults(rows));
  const models: Record<string, ModelRow> = Object.create(null);
  for (const key of rows.keys()) models[key] = toRow(key, rows, providers);
  const keys: Record<string, string> = Object.create(null);
  for (const { key } of Object.values(providers)) {
    const value = key === null ? undefined : keyOf(key);
    if (value !== undefined && key !== null) keys[key] = value;
  }
  return frozen({ providers, models, keys });
}

/** Who answers under a name; undefined: nobody. */
export function findModel(
  { providers, models }: ModelSettings,
  wanted: string,
): { readonly provider: ProviderSettings; readonly model: string; readonly row: ModelRow } | undefined {
  const named = models[wanted];
  const [, prefix = '', model = ''] = /^([^:]*):(.+)$/s.exec(named?.model ?? wanted) ?? [];
  const provider = providers[prefix];
  if (provider === undefined) return undefined;
  return { provider, model, row: named ?? plainRow(`${prefix}:${model}`, provider) };
}

/** Why models of a provider cannot be asked, and what to do; null: nothing known. */
export function keyProblem({ keys }: ModelSettings, { key, name: provider }: ProviderSettings): string | null {
  if (key === null || keys[key] !== undefined) return null;
  return `${key} is not set; set it to your key of ${provider}, in the environment or as MYELIN_SECRET_${key}`;
}

/**
 * What keeps a model from being asked, or one of those that it stands for; null: nothing known. `instead` is the first
 * of these that can be asked all the same.
 */
export function modelProblem(
  settings: ModelSettings,
  name: string,
): { readonly problem: string | null; readonly instead: string | null } {
  const tries = settings.models[name]?.tries ?? [];
  const asked = (tries.length === 0 ? [name] : tries).map((one) => {
    const found = findModel(settings, one);
    return { one, problem: found === undefined ? null : keyProblem(settings, found.provider) };
  });
  const problem = asked.find((each) => each.problem !== null)?.problem ?? null;
  const usable = asked.find((each) => each.problem === null);
  return { problem, instead: problem === null ? null : (usable?.one ?? null) };
}

function isHttpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && `${url.username}${url.password}${url.search}` === '';
}

/** Also of what is not well formed: that has faults of its own, and whoever names it has none. */
const namesOf = (block: unknown): ReadonlySet<string> =>
  new Set(typeof block === 'object' && block !== null ? Object.keys(block) : []);

/** Those of a block that are well formed. */
function entries<T>(
  block: string,
  written: unknown,
  schema: z.ZodType<T>,
  names: RegExp,
  faults: Fault[],
): [string, T][] {
  if (written === undefined || written === null) return [];
  if (typeof written !== 'object' || Array.isArray(written)) {
    faults.push({ path: block, message: 'takes a table of entries by name' });
    return [];
  }
  return Object.entries(written).flatMap(([key, value]): [string, T][] => {
    const path = `${block}.${key}`;
    if (!names.test(key)) {
      faults.push({
        path,
        message: 'has a name that is not taken; it begins with a letter, then letters, digits and -',
      });
      return [];
    }
    const result = schema.safeParse(value ?? {});
    if (result.success) return [[key, result.data]];
    faults.push(...result.error.issues.flatMap((issue) => issueFaults(issue, path)));
    return [];
  });
}

function toProvider(
  key: string,
  written: z.infer<typeof providerSchema>,
  known: ProviderSettings | undefined,
  faults: Fault[],
): ProviderSettings | undefined {
  const fault = (field: string, message: string) => void faults.push({ path: `providers.${key}.${field}`, message });
  const type = written.type ?? known?.type;
  if (type === 'scripted') return fault('type', 'scripted models have no settings of this kind');
  if (type === undefined) return fault('type', `is missing; it takes one of ${WIRE_TYPES.join(', ')}`);
  const usual = BUILT_IN.find((one) => one.name === type);
  const baseUrl = (written.baseUrl ?? usual?.baseUrl)?.replace(/\/+$/, '');
  if (baseUrl === undefined)
    return fault('baseUrl', 'is missing; it takes an address such as http://127.0.0.1:8000/v1');
  // A server of one's own is never sent the key of the provider whose language it speaks.
  const usualKey = usual !== undefined && usual.baseUrl === baseUrl ? usual.key : null;
  return {
    name: key,
    type,
    baseUrl,
    key: written.key ?? usualKey,
  };
}

function rowFaults(
  key: string,
  row: WrittenModel,
  rows: ReadonlyMap<string, WrittenModel>,
  providers: Readonly<Record<string, ProviderSettings>>,
  named: { readonly providers: ReadonlySet<string>; readonly models: ReadonlySet<string> },
): Fault[] {
  const path = `models.${key}`;
  const faults: Fault[] = [];
  const known = (full: string) => providers[prefixOf(full)] !== undefined || named.providers.has(prefixOf(full));
  const unknown = (full: string) =>
    `names the provider ${prefixOf(full)}, which is not there; there are ${Object.keys(providers).join(', ')}`;
  if (key.includes(':')) {
    if (!known(key)) faults.push({ path, message: unknown(key) });
    if (row.model !== undefined) faults.push({ path: `${path}.model`, message: 'is said by the name of the entry' });
  } else if (row.model === undefined && row.try === undefined) {
    faults.push({ path: `${path}.model`, message: 'is missing; it takes provider:model' });
  }
  if (row.model !== undefined && !known(row.model)) {
    faults.push({ path: `${path}.model`, message: unknown(row.model) });
  }
  for (const [index, tried] of (row.try ?? []).entries()) {
    const at = `${path}.try.${index}`;
    if (rows.get(tried)?.try !== undefined)
      faults.push({ path: at, message: 'has a `try` of its own; name its models' });
    else if (!named.models.has(tried) && !tried.includes(':')) {
      faults.push({ path: at, message: `names ${tried}, which is no entry of models${suggest(tried, named.models)}` });
    } else if (!named.models.has(tried) && !known(tried)) faults.push({ path: at, message: unknown(tried) });
  }
  const provider = providers[prefixOf(fullName(key, row, rows))];
  if (row.retrievable === true && provider !== undefined && provider.type !== 'openai') {
    faults.push({ path: `${path}.retrievable`, message: 'takes true only for a provider of type openai' });
  }
  return faults;
}

/** Budgets add up costs, so they must be of one kind. */
function currencyFaults(rows: ReadonlyMap<string, WrittenModel>): Fault[] {
  const priced = [...rows].flatMap(([key, { price }]) => (price === undefined ? [] : [{ key, price }]));
  const first = priced[0];
  return priced
    .filter(({ price }) => price.currency !== first?.price.currency)
    .map(({ key, price }) => ({
      path: `models.${key}.price.currency`,
      message: `is ${price.currency}, and that of ${first?.key} is ${first?.price.currency}; all prices take one currency`,
    }));
}

const prefixOf = (full: string): string => full.slice(0, full.indexOf(':'));

function fullName(key: string, row: WrittenModel, rows: ReadonlyMap<string, WrittenModel>): string {
  if (row.model !== undefined || key.includes(':')) return row.model ?? key;
  const first = row.try?.[0] ?? '';
  return rows.get(first)?.model ?? first;
}

/** An entry under a name of one's own has what it does not say from that of its full name. */
function toRow(
  key: string,
  rows: ReadonlyMap<string, WrittenModel>,
  providers: Readonly<Record<string, ProviderSettings>>,
): ModelRow {
  const own = rows.get(key)!;
  const full = fullName(key, own, rows);
  const { model: _, try: tries, timeout, ...row } = { ...rows.get(full), ...own };
  const provider = providers[prefixOf(full)];
  return {
    ...plainRow(full, provider),
    ...row,
    tries: tries ?? [],
    timeoutMs: timeout === undefined ? null : parseDuration(timeout),
  };
}

function plainRow(model: string, provider: ProviderSettings | undefined): ModelRow {
  return {
    model,
    tries: [],
    price: null,
    window: null,
    maxOutputTokens: DEFAULT_MAX_OUTPUT_TOKENS,
    retrievable: provider?.type === 'openai',
    concurrency: null,
    perMinute: null,
    timeoutMs: null,
  };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
