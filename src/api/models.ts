/** The models that can be asked. No key is among what is told. */
import type { FastifyInstance } from 'fastify';
import type { Models } from '../ports/model.ts';
import { operation } from './operation.ts';

export function models(app: FastifyInstance, known: Models): void {
  operation(app, 'listModels', async () => ({
    items: known.list().map(({ tries, ...model }) => ({ ...model, tries: [...tries] })),
  }));
}
