/** How a request says who sends it, as written in a definition; its texts may be templates. */
import { z } from 'zod';

export const httpAuth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), user: z.string(), password: z.string() }),
  z.strictObject({ type: z.literal('bearer'), token: z.string() }),
  z.strictObject({ type: z.literal('header'), name: z.string().min(1), value: z.string() }),
]);
