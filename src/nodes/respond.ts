import { z } from 'zod';
import { dynamic } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import type { StepNode } from '../core/node-type.ts';

export const respondConfig = z.strictObject({
  status: dynamic(z.int().min(200).max(599)).optional().describe('Default 200'),
  headers: z.record(z.string().regex(/^[\w-]{1,100}$/), z.string().max(4000)).optional(),
  body: z.unknown().optional().describe('Default the input of this node'),
});
export type RespondConfig = z.infer<typeof respondConfig>;

export const respond: StepNode<RespondConfig> = {
  type: 'respond',
  version: 1,
  description: 'Answers the caller of a webhook that waits (`respond: result`); passes its input on.',
  example: { status: 200, body: { ok: true } },
  config: respondConfig,
  ports: () => ['out'],
  effect: () => 'irreversible',
  step: (config, { json }) => {
    const status = Number(config.status ?? 200);
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new MyelinError('config_invalid', `status: takes 200 to 599, not ${config.status}`);
    }
    const headers = Object.fromEntries(
      Object.entries(config.headers ?? {}).map(([k, v]) => [k.toLowerCase(), line(v)]),
    );
    return { do: 'respond', response: { status, headers, body: ('body' in config ? config.body : json) ?? null } };
  },
};

/** A header value on one line, since a line break would begin another header. */
function line(value: unknown): string {
  return String(value).replace(/[\r\n]+/g, ' ');
}
