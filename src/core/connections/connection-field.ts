/** How a node names a connection: a field of its config, and how it comes to what the connection says. */
import { z } from 'zod';
import { MyelinError } from '../errors.ts';
import type { TaskContext } from '../node-type.ts';
import type { ConnectionType } from './connection-type.ts';

/** The type stands in the JSON Schema as `x-connection`, so that a form can offer those there are. */
export const connectionField = ({ type }: Pick<ConnectionType, 'type'>): z.ZodString =>
  z.string().min(1).max(200).describe(`Name of a connection of type ${type}`).meta({ 'x-connection': type });

/** Throws `config_invalid` where a template made something else than a name, and what `TaskContext.connection` throws. */
export async function openConnection<C>(
  task: Pick<TaskContext, 'connection'>,
  name: unknown,
  { type, config }: ConnectionType<C>,
): Promise<C> {
  if (typeof name !== 'string') throw new MyelinError('config_invalid', 'connection: takes the name of a connection');
  const schema: z.ZodType<C> = config;
  return schema.parse((await task.connection(name, type)).config);
}

/** What tasks over a connection depend on: they share a circuit and a limit. */
export const connectionDependency = ({ connection }: { readonly connection: string }): string =>
  `connection:${connection}`;
