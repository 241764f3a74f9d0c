/** The list behind `myelin config`: every setting with its value and where that came from, secrets masked. */
import type { Config, Source } from './config.ts';
import type { Setting } from './settings.ts';
import { MASK, SECRET_PREFIX, SETTINGS } from './settings.ts';

export interface ConfigLine {
  readonly name: string;
  /** As it would be written; empty where unset. */
  readonly value: string;
  readonly source: Source;
  readonly description: string;
}

/** One line per setting in the order of the table, then one per secret. */
export function describeConfig(config: Config): ConfigLine[] {
  const lines = Object.entries<Setting<unknown>>(SETTINGS).map(([key, setting]) => {
    const given = config[key as keyof typeof SETTINGS];
    const value = setting.show === undefined ? write(given) : setting.show(given);
    return {
      name: setting.name,
      value: setting.mask && value !== '' ? setting.mask(value) : value,
      source: config.sources[setting.name]!,
      description: setting.description,
    };
  });
  const secrets = Object.keys(config.secrets).map((key) => ({
    name: SECRET_PREFIX + key,
    value: MASK,
    source: config.sources[SECRET_PREFIX + key]!,
    description: `secret that workflows read as $secrets.${key}`,
  }));
  return [...lines, ...secrets];
}

function write(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(',') : String(value);
}
