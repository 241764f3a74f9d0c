/** Errors: RFC 9457, with our code and, for documents and requests, one entry for each fault. */
import { z } from 'zod';
import { ERRORS } from '../core/errors.ts';

export const faultSchema = z
  .object({
    path: z.string().describe('Where, such as nodes[2].config.condition'),
    message: z.string().describe('What is wrong and what to do about it'),
  })
  .meta({ id: 'Fault' });

/** `kind` and `message` of an error as it is stored with a node or an execution. */
export const errorInfoSchema = z
  .object({
    code: z.string().describe('One of the error table, or one that a fail node chose'),
    kind: z.enum(['transient', 'permanent']),
    message: z.string(),
    data: z.unknown().optional(),
  })
  .meta({ id: 'ErrorInfo' });

export const problemSchema = z
  .object({
    type: z.string().describe('Address of what the code means'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe(`Such as ${Object.keys(ERRORS).slice(0, 3).join(', ')}; the page at \`type\` has all`),
    instance: z.string().optional().describe('Path of the request'),
    errors: z.array(faultSchema).optional(),
    executionId: z.string().optional().describe('Of a webhook that waited for its result'),
    decision: z.unknown().optional().describe('Of already_decided: the first decision'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_TYPE = 'application/problem+json';

/** `type` of a problem: an address on the server itself. */
export const problemType = (code: string): string => `/docs/errors#${code}`;
