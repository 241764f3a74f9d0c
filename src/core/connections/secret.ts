/** Which fields of a connection are secret stands in its schema, by the keyword of JSON Schema for what is never read. */
import type { z } from 'zod';

/** The field is encrypted, never shown, and an input of a form hides it. */
export const secret = <T extends z.ZodType>(field: T): T => field.meta({ ...field.meta(), writeOnly: true }) as T;

export const isSecret = (field: z.ZodType): boolean => field.meta()?.writeOnly === true;
