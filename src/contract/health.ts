/** For those who watch the process. */
import { z } from 'zod';

export const liveSchema = z.object({ status: z.literal('ok') });
export const readySchema = z.object({ status: z.literal('ready') });
