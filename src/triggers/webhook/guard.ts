/**
 * What is checked before the body of a request is read (rule R13): who calls, with which headers, how much.
 * The signature comes after, since it needs the whole body.
 */
import { MyelinError } from '../../core/errors.ts';
import { isListed } from './address-list.ts';
import { parseByteSize } from './byte-size.ts';
import type { WebhookConfig } from './config.ts';
import { equalInConstantTime } from './constant-time.ts';

/** Headers by lower-case name, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface GuardedRequest {
  /** Of the caller, as the socket or a trusted proxy says. */
  readonly ip: string;
  readonly headers: RequestHeaders;
  /** Bytes: the declared length before reading, the true one after. */
  readonly size: number;
}

/** Largest body of this webhook, in bytes. */
export function maxBodyBytes(config: Pick<WebhookConfig, 'maxBody'>): number {
  return parseByteSize(config.maxBody) ?? 0;
}

/**
 * Lets a request through or throws `forbidden` or `body_too_large`. `config` has its secrets resolved.
 * The message names the header that is missing, never what it should hold.
 */
export function checkRequest(
  config: Pick<WebhookConfig, 'allowIps' | 'requireHeaders' | 'maxBody'>,
  request: GuardedRequest,
): void {
  if (config.allowIps && !isListed(request.ip, config.allowIps)) {
    throw new MyelinError('forbidden', `The address ${request.ip} may not call this webhook; add it to allowIps.`);
  }
  for (const [name, wanted] of Object.entries(config.requireHeaders ?? {})) {
    if (!hasHeader(request.headers, name, wanted)) {
      throw new MyelinError('forbidden', `The header ${name} is missing or wrong; send what the webhook requires.`);
    }
  }
  const limit = maxBodyBytes(config);
  if (request.size > limit) {
    throw new MyelinError('body_too_large', `The body has ${request.size} bytes; this webhook takes ${limit}.`);
  }
}

function hasHeader(headers: RequestHeaders, name: string, wanted: string | true): boolean {
  const key = name.toLowerCase();
  const value = Object.hasOwn(headers, key) ? headers[key] : undefined;
  if (wanted === true) return value !== undefined && value !== '';
  return typeof value === 'string' && equalInConstantTime(value, wanted);
}
