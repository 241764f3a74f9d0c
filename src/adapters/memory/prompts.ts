import type { Prompt, PromptStore } from '../../ports/prompts.ts';
import type { Database } from './database.ts';
import type { PromptRecord } from './prompt-record.ts';

export function promptStore({ prompts }: Database): PromptStore {
  const place = (projectId: string, name: string): string => `${projectId} ${name}`;
  const read = (record: PromptRecord | undefined, version = record?.active ?? 0): Prompt | undefined => {
    const found = record?.versions.find((one) => one.version === version);
    return found && { ...found, active: record?.active ?? 0 };
  };
  return {
    get: async (projectId, name, version) => read(prompts.get(place(projectId, name)), version),
    list: async (projectId, { after = '', limit }) =>
      [...prompts.values()]
        .map((record) => read(record))
        .filter((one) => one !== undefined)
        .filter((one) => one.projectId === projectId && one.name > after)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .slice(0, limit),
    save: async ({ projectId, name, text, note, createdAt }) => {
      const { latest, versions } = prompts.get(place(projectId, name)) ?? { latest: 0, versions: [] };
      const version = latest + 1;
      const prompt = { projectId, name, version, text, note, createdAt };
      prompts.set(place(projectId, name), { latest: version, active: version, versions: [prompt, ...versions] });
      return { ...prompt, active: version };
    },
    activate: async (projectId, name, version) => {
      const record = prompts.get(place(projectId, name));
      if (record === undefined || read(record, version) === undefined) return undefined;
      prompts.set(place(projectId, name), { ...record, active: version });
      return read({ ...record, active: version });
    },
    versions: async (projectId, name, limit) =>
      (prompts.get(place(projectId, name))?.versions ?? [])
        .slice(0, limit)
        .map(({ version, note, createdAt }) => ({ version, note, createdAt })),
    delete: async (projectId, name) => {
      const record = prompts.get(place(projectId, name));
      if (record === undefined || record.active === null) return false;
      prompts.set(place(projectId, name), { latest: record.latest, active: null, versions: [] });
      return true;
    },
  };
}
