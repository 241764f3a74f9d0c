/** Which fields of a connection are secret stands in its schema, by the keyword of JSON Schema for what is never read. */
import type { z } from 'zod';

/** The field is encrypted, never shown, and an input of a form hides it. */
export const secret = <T extends z.ZodType>(field: T): T => field.meta({ ...field.meta(), writeOnly: true }) as T;

/** Also where the mark was put on before a wrapper such as `optional`, which does not pass it on. */
export function isSecret(field: z.ZodType): boolean {
  if (field.meta()?.writeOnly === true) return true;
  const { innerType } = field._zod.def as { readonly innerType?: z.ZodType };
  return innerType !== undefined && isSecret(innerType);
}
