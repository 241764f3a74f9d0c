/** What is asked of one template. */
import type { Request } from '../../api/call.ts';

export const templateRequest = (name: string): Request<'getTemplate'> => ({ params: { name } });
