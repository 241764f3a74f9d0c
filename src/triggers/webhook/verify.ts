/**
 * Signatures of webhooks, checked on the raw bytes before anything reads them (rule R7).
 * Every scheme is HMAC-SHA256; they differ in what is signed and where the signature stands:
 * Standard Webhooks 1.0.0, GitHub `x-hub-signature-256`, Stripe `t=,v1=`, Slack `v0`, and a plain `sha256=`.
 */
import { createHmac } from 'node:crypto';
import { MyelinError } from '../../core/errors.ts';
import type { SignatureScheme } from './config.ts';
import { equalInConstantTime } from './constant-time.ts';
import type { RequestHeaders } from './guard.ts';

/** A signed time may be this many seconds off, either way: the tolerance of all three schemes that have one. */
const TOLERANCE_S = 300;
/** Shorter words are a phrase, not secrets of their own: else "a" of "a secret phrase" would open the door. */
const SHORTEST_OF_SEVERAL = 16;
/** Signatures compared at most, so that a long header buys no work. */
const MAX_SIGNATURES = 20;

interface Claim {
  /** Signed before the body. */
  readonly prefix: string;
  /** As sent, in `encoding`; one of them must be right. */
  readonly signatures: readonly string[];
  readonly encoding: 'hex' | 'base64';
  /** Bytes of a secret as configured; undefined where it cannot be one. */
  readonly key: (secret: string) => Uint8Array | undefined;
}

type ReadClaim = (headers: RequestHeaders, nowMs: number, header: string) => Claim;

const SCHEMES: Readonly<Record<SignatureScheme, ReadClaim>> = {
  standard(headers, nowMs) {
    const id = read(headers, 'webhook-id');
    const time = freshTime(read(headers, 'webhook-timestamp'), nowMs);
    const entries = read(headers, 'webhook-signature').split(' ');
    const signatures = entries.filter((entry) => entry.startsWith('v1,')).map((entry) => entry.slice(3));
    return { prefix: `${id}.${time}.`, signatures, encoding: 'base64', key: base64Key };
  },
  github(headers) {
    return { prefix: '', signatures: [hex(read(headers, 'x-hub-signature-256'))], encoding: 'hex', key: textKey };
  },
  stripe(headers, nowMs) {
    const entries = read(headers, 'stripe-signature')
      .split(',')
      .map((entry) => entry.trim());
    const time = freshTime(entries.find((entry) => entry.startsWith('t='))?.slice(2) ?? '', nowMs);
    const signatures = entries.filter((entry) => entry.startsWith('v1=')).map((entry) => entry.slice(3));
    return { prefix: `${time}.`, signatures, encoding: 'hex', key: textKey };
  },
  slack(headers, nowMs) {
    const time = freshTime(read(headers, 'x-slack-request-timestamp'), nowMs);
    const signature = read(headers, 'x-slack-signature');
    const signatures = signature.startsWith('v0=') ? [signature.slice(3)] : [];
    return { prefix: `v0:${time}:`, signatures, encoding: 'hex', key: textKey };
  },
  plain(headers, _nowMs, header) {
    const signature = read(headers, header.toLowerCase());
    return { prefix: '', signatures: [hex(signature) || signature], encoding: 'hex', key: textKey };
  },
};

/**
 * Returns where the request was signed with one of the secrets, else throws `signature_invalid`.
 * `secret` is resolved; several of 16 characters or more may stand with white space between them, while a secret
 * is rotated; an empty or missing one refuses every request. `header` is for `plain` only, default `x-signature`.
 */
export function verifySignature(
  scheme: SignatureScheme,
  secret: string | undefined,
  headers: RequestHeaders,
  rawBody: Uint8Array,
  nowMs: number,
  header = 'x-signature',
): void {
  const secrets = splitSecrets(secret ?? '');
  if (secrets.length === 0) throw refuse('the webhook has no secret; set one');
  const claim = SCHEMES[scheme](headers, nowMs, header);
  const keys = secrets.map(claim.key).filter((key) => key !== undefined);
  if (keys.length === 0) throw refuse('the secret of the webhook does not fit its scheme; set it again');
  const signatures = claim.signatures
    .slice(0, MAX_SIGNATURES)
    .map((text) => (claim.encoding === 'hex' ? text.toLowerCase() : text));
  const valid = keys.some((key) => {
    const expected = createHmac('sha256', key).update(claim.prefix).update(rawBody).digest(claim.encoding);
    return signatures.some((signature) => equalInConstantTime(signature, expected));
  });
  if (!valid) throw refuse('no signature fits the body; sign the raw body with the shared secret');
}

function splitSecrets(text: string): readonly string[] {
  const whole = text.trim();
  if (whole === '') return [];
  const words = whole.split(/\s+/);
  return words.every((word) => word.length >= SHORTEST_OF_SEVERAL) ? words : [whole];
}

const refuse = (why: string): MyelinError => new MyelinError('signature_invalid', `Signature refused: ${why}.`);

function read(headers: RequestHeaders, name: string): string {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (typeof value !== 'string' || value === '') throw refuse(`the header ${name} is missing or was sent twice`);
  return value;
}

/** The time as sent, in seconds; refused where it is no whole number or too far from now. */
function freshTime(text: string, nowMs: number): string {
  if (!/^\d{1,12}$/.test(text)) throw refuse('the signed time is missing or not a number of seconds');
  if (Math.abs(Math.floor(nowMs / 1000) - Number(text)) > TOLERANCE_S) {
    throw refuse('the signed time is more than 5 minutes off; send it again, and check the clock of the sender');
  }
  return text;
}

/** What follows `sha256=`, or nothing. */
const hex = (signature: string): string => (/^sha256=/i.test(signature) ? signature.slice(7) : '');

const textKey = (secret: string): Uint8Array => Buffer.from(secret, 'utf8');

/** Standard Webhooks writes a secret as `whsec_` and base64. */
function base64Key(secret: string): Uint8Array | undefined {
  const text = secret.replace(/^whsec_/, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : undefined;
}
