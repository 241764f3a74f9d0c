/** For those who watch the process. */
import { z } from 'zod';

export const liveSchema = z.object({ status: z.literal('ok') });
export const readySchema = z.object({ status: z.literal('ready') });
export type Live = z.infer<typeof liveSchema>;
export type Ready = z.infer<typeof readySchema>;
