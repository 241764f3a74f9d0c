/** For config schemas: a value, or a `{{ }}` template that yields it at run time. */
import { z } from 'zod';

const template = z
  .string()
  .regex(/\{\{[\s\S]*\}\}/)
  .meta({ description: 'An expression in {{ }}' });

/** `schema`, or a string that holds a template. After resolving, only `schema`'s own form is meaningful. */
export function dynamic<T extends z.ZodType>(schema: T): z.ZodUnion<[T, z.ZodString]> {
  return z.union([schema, template]);
}
