/** Templates from a folder of YAML files and the folders in it, but for the rules of scripted models. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parse } from 'yaml';
import type { Definition } from '../../core/definition/schema.ts';
import type { Template } from '../../ports/templates.ts';

/** By name. None where there is no such folder. The files are the program's own: nothing is checked. */
export function readTemplates(folder: string): Template[] {
  const names = namesIn(folder).filter((name) => name.endsWith('.yaml') && !name.startsWith(`models${sep}`));
  const templates = names.map((name) => {
    const yaml = readFileSync(join(folder, name), 'utf8');
    return { definition: parse(yaml) as Definition, yaml };
  });
  return templates.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
