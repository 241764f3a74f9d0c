/** /api/prompts: named texts for models, in versions. */
import type { FastifyInstance } from 'fastify';
import type { PromptAnswer, PromptSummary } from '../contract/prompts.ts';
import { MyelinError } from '../core/errors.ts';
import { promptFaults } from '../core/prompt.ts';
import type { Prompt, PromptVersion } from '../ports/prompts.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';

/** Versions shown of one prompt. */
const SHOWN = 100;

export function prompts(app: FastifyInstance, { store, runtime }: Pick<ApiDeps, 'store' | 'runtime'>): void {
  const view = async (prompt: Prompt): Promise<PromptAnswer> => {
    const versions = await store.prompts.versions(prompt.projectId, prompt.name, SHOWN);
    return { ...summary(prompt), active: prompt.active, text: prompt.text, versions: versions.map(versionView) };
  };

  operation(app, 'listPrompts', async ({ projectId, query: { limit, cursor } }) => {
    const after = cursor === undefined ? {} : { after: cursor };
    const found = await store.prompts.list(projectId, { ...after, limit: limit + 1 });
    const items = found.slice(0, limit);
    return { items: items.map(summary), nextCursor: found.length > limit ? (items.at(-1)?.name ?? null) : null };
  });

  operation(app, 'getPrompt', async ({ projectId, params: { name }, query: { version } }) => {
    const found = await store.prompts.get(projectId, name, version);
    return await view(found ?? absent(name, version));
  });

  operation(app, 'savePrompt', async ({ projectId, params: { name }, body: { text, note = null } }) => {
    const errors = promptFaults(text);
    const [first] = errors;
    if (first !== undefined) {
      const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
      throw new MyelinError('expression_invalid', `${first.path}: ${first.message}${more}`, { errors });
    }
    return await view(await store.prompts.save({ projectId, name, text, note, createdAt: runtime.now() }));
  });

  operation(app, 'activatePrompt', async ({ projectId, params: { name }, body: { version } }) => {
    return await view((await store.prompts.activate(projectId, name, version)) ?? absent(name, version));
  });

  operation(app, 'deletePrompt', async ({ projectId, params: { name } }) => {
    return (await store.prompts.delete(projectId, name)) ? undefined : absent(name);
  });
}

function absent(name: string, version?: number): never {
  const what = version === undefined ? `prompt ${name}` : `version ${version} of a prompt ${name}`;
  throw new MyelinError('prompt_not_found', `There is no ${what}.`);
}

const versionView = ({ version, note, createdAt }: PromptVersion) => {
  return { version, note, createdAt: new Date(createdAt).toISOString() };
};

const summary = (prompt: Prompt): PromptSummary => ({ name: prompt.name, ...versionView(prompt) });
