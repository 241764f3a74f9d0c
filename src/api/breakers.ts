/** The circuits of the project's dependencies, and the hand that closes one. */
import type { FastifyInstance } from 'fastify';
import type { BreakerAnswer } from '../contract/breakers.ts';
import { MyelinError } from '../core/errors.ts';
import type { BreakerStore, CircuitRow } from '../ports/breakers.ts';
import { operation } from './operation.ts';

export function breakers(app: FastifyInstance, store: BreakerStore): void {
  operation(app, 'listCircuitBreakers', async ({ projectId }) => ({ items: (await store.list(projectId)).map(view) }));

  operation(app, 'resetCircuitBreaker', async ({ projectId, params: { name } }) => {
    const row = await store.reset({ projectId, name });
    if (row === undefined) throw new MyelinError('not_found', `There is no circuit of the name ${name}.`);
    return view(row);
  });
}

function view({ name, state, calls, failures, until }: CircuitRow): BreakerAnswer {
  return { name, state, calls, failures, openUntil: state === 'open' ? new Date(until).toISOString() : null };
}
