/**
 * The config of a webhook, as written in a definition. It stays as written: durations and sizes are strings,
 * `$secrets` are templates, so that what is stored is what a person reads. `resolve.ts` makes it ready for a request.
 */
import { z } from 'zod';
import { durationSchema, parseDuration } from '../../core/duration.ts';
import { parseRange } from './address-list.ts';
import { parseByteSize } from './byte-size.ts';
import { pathFault } from './path.ts';

/** Longest time a caller is kept waiting for a result. */
const MAX_WAIT_MS = 5 * 60_000;
/** Above this a request belongs in a blob store, with its address in the body. */
const MAX_BODY_BYTES = 64 * 1024 ** 2;

export const SECRET_TEMPLATE = /^\s*\{\{\s*\$secrets\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}\s*$/;

const path = z
  .string()
  .min(1)
  .max(200)
  .superRefine((value, context) => {
    const fault = pathFault(value);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  })
  .meta({ description: 'What follows /webhooks/: literal segments, or :name for a parameter' });

const secret = z
  .string()
  .refine((value) => value.trim() !== '', 'write a secret; a webhook without one must not have `verify`')
  .refine(
    (value) => !value.includes('{{') || SECRET_TEMPLATE.test(value),
    'write the secret itself, or exactly one {{ $secrets.NAME }}',
  )
  .meta({ description: 'The shared secret or {{ $secrets.NAME }}; while you rotate, two with a space between' });

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'write the name of an HTTP header');

const template = z.string().regex(/\{\{[\s\S]*\}\}/, 'write an expression in {{ }}');

const verify = z
  .strictObject({
    scheme: z.enum(['standard', 'github', 'stripe', 'slack', 'plain']),
    secret,
    header: headerName.optional().meta({ description: 'Header of the plain scheme; default X-Signature' }),
  })
  .refine((value) => value.header === undefined || value.scheme === 'plain', {
    path: ['header'],
    message: 'only the plain scheme has a header of your choice; remove it',
  });

const wait = durationSchema.refine((value) => parseDuration(value) <= MAX_WAIT_MS, 'wait at most 5m');

const maxBody = z
  .union([z.number(), z.string()])
  .refine((value) => {
    const bytes = parseByteSize(value);
    return bytes !== undefined && bytes > 0 && bytes <= MAX_BODY_BYTES;
  }, 'write a number of bytes, or a size such as 512KB or 10MiB, up to 64MiB')
  .meta({ description: 'Largest body; default 1MiB' });

const address = z
  .string()
  .refine((value) => parseRange(value) !== undefined, 'write an address or range such as 192.0.2.7 or 2001:db8::/32');

export const webhookConfig = z.strictObject({
  path,
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  respond: z.enum(['accepted', 'result']).default('accepted').meta({
    description: 'accepted answers 202 at once; result waits for a respond node or the end',
  }),
  wait: wait.default('30s').meta({ description: 'How long `respond: result` waits before it answers 202' }),
  verify: verify.optional(),
  requireHeaders: z
    .record(headerName, z.union([secret, z.literal(true)]))
    .optional()
    .meta({
      description: 'Headers a request must have: the exact value, or true for any',
    }),
  allowIps: z.array(address).min(1).optional().meta({ description: 'Addresses and CIDR ranges that may call' }),
  maxBody: maxBody.default('1MiB'),
  dedupe: z
    .strictObject({ key: template, ttl: durationSchema.default('24h') })
    .optional()
    .meta({ description: 'Requests with the same key within ttl start one execution and get the same answer' }),
  sanitize: z.literal('html').optional().meta({
    description: 'Texts of the body become what a reader would see of them: no tags, scripts or hidden parts',
  }),
  transform: template.optional().meta({ description: 'Expression over $trigger whose value becomes $trigger' }),
});

export type WebhookConfig = z.output<typeof webhookConfig>;
export type SignatureScheme = z.output<typeof verify>['scheme'];
