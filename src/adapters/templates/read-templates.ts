/** Templates from a folder of YAML files; what lies in folders within is left out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Definition } from '../../core/definition/schema.ts';
import type { Template } from '../../ports/templates.ts';

/** By name. None where there is no such folder. The files are the program's own: nothing is checked. */
export function readTemplates(folder: string): Template[] {
  const names = namesIn(folder).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => {
    const yaml = readFileSync(join(folder, name), 'utf8');
    return { definition: parse(yaml) as Definition, yaml };
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
