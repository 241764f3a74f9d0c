import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { httpUrl } from '../http-url.ts';
import { secret } from '../secret.ts';

const value = () => z.string().min(1).max(10_000).optional();

/** Fields that each way of authentication needs. */
const NEEDED = { none: [], basic: ['user', 'password'], bearer: ['token'], header: ['header', 'value'] } as const;

const config = z
  .strictObject({
    baseUrl: httpUrl.describe('In front of the path of each request'),
    auth: z.enum(['none', 'basic', 'bearer', 'header']).default('none'),
    user: value().describe('Of `basic`'),
    password: secret(value()).describe('Of `basic`'),
    token: secret(value()).describe('Of `bearer`'),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/, 'takes the name of a header')
      .optional()
      .describe('Of `header`: its name'),
    value: secret(value()).describe('Of `header`'),
  })
  .superRefine((config, context) => {
    for (const field of NEEDED[config.auth]) {
      if (config[field] === undefined) {
        context.addIssue({ code: 'custom', path: [field], message: `is needed where auth is ${config.auth}` });
      }
    }
  });
export type HttpConnectionConfig = z.output<typeof config>;

export const http: ConnectionType<HttpConnectionConfig> = {
  type: 'http',
  description: 'An HTTP API with its credentials.',
  example: { baseUrl: 'https://api.example.com/v1', auth: 'bearer', token: 'abc' },
  config,
  target: ['baseUrl', 'auth', 'header'],
};
