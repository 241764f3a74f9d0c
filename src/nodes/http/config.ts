/** The config of an http node, as written in a definition: what may be a template is wrapped in `dynamic`. */
import { z } from 'zod';
import { connectionField } from '../../core/connections/connection-field.ts';
import { http as httpConnection } from '../../core/connections/types/http.ts';
import { durationSchema } from '../../core/duration.ts';
import { dynamic } from '../../core/dynamic.ts';
import { httpAuth } from '../../core/http-auth.ts';
import { httpPaginate } from '../../core/http-paginate.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];
export const isMethod = (text: string): text is Method => (METHODS as readonly string[]).includes(text);

const MAX_BYTES = 64 * 1024 * 1024;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const parameters = z.record(z.string(), z.union([scalar, z.array(scalar)]));

const allowStatus = z.array(z.union([z.int().min(400).max(599), z.enum(['4xx', '5xx'])]));

export const httpConfig = z
  .strictObject({
    method: dynamic(z.enum(METHODS)).optional().meta({ description: 'Default GET' }),
    connection: connectionField(httpConnection).optional(),
    url: z.string().min(1).describe('Of a connection: the path behind its base URL'),
    headers: dynamic(z.record(z.string(), scalar)).optional(),
    query: dynamic(parameters).optional().meta({ description: 'Added to the URL; a list repeats its parameter' }),
    body: z.unknown().optional().meta({ description: 'Text is sent as it is, everything else as JSON' }),
    form: dynamic(parameters).optional().meta({ description: 'Sent as application/x-www-form-urlencoded' }),
    auth: httpAuth.optional(),
    timeout: dynamic(durationSchema).optional().meta({ description: 'For each request; default 30s' }),
    response: z.enum(['auto', 'json', 'text', 'binary']).optional().meta({ description: 'Default auto' }),
    maxBytes: dynamic(z.int().min(1).max(MAX_BYTES)).optional().meta({ description: 'Default 16 MiB, for all pages' }),
    paginate: httpPaginate.optional(),
    allowStatus: allowStatus.optional().meta({ description: 'Statuses from 400 on that are an output, no error' }),
    idempotent: z.boolean().optional().meta({ description: 'The target takes repeats of this request as one' }),
  })
  .refine((config) => config.body === undefined || config.form === undefined, {
    path: ['form'],
    message: 'give either body or form',
  })
  .refine((config) => config.connection === undefined || config.auth === undefined, {
    path: ['auth'],
    message: 'the connection has the credentials; give either connection or auth',
  })
  .refine((config) => config.paginate === undefined || (config.method ?? 'GET') === 'GET', {
    path: ['paginate'],
    message: 'only GET can be paged',
  });

export type HttpConfig = z.infer<typeof httpConfig>;
