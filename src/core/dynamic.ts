/** For config schemas: a value, or a `{{ }}` template that yields it at run time. */
import { z } from 'zod';
import { issueFaults } from './definition/issue-faults.ts';
import { MyelinError } from './errors.ts';
import { isObject } from './json.ts';

const template = z
  .string()
  .regex(/\{\{[\s\S]*\}\}/)
  .meta({ description: 'An expression in {{ }}' });

/** `schema`, or a string that holds a template. After resolving, only `schema`'s own form is meaningful. */
export function dynamic<T extends z.ZodType>(schema: T): z.ZodUnion<[T, z.ZodString]> {
  return z.union([schema, template]);
}

/**
 * A config whose templates are resolved, held against the schema without templates; null and undefined are a field
 * that is not there. Throws `config_invalid` with the first fault, which has no value.
 */
export function resolved<T>(schema: z.ZodType<T>, config: unknown): T {
  const given = isObject(config)
    ? Object.entries(config).filter(([, value]) => value !== undefined && value !== null)
    : [];
  const checked = schema.safeParse(Object.fromEntries(given));
  if (checked.success) return checked.data;
  const [fault] = checked.error.issues.flatMap((issue) => issueFaults(issue, ''));
  throw new MyelinError('config_invalid', `${fault?.path}: ${fault?.message}`);
}
