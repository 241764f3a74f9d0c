/**
 * Addresses that carry their permission: callbacks of executions, and links that decide an approval. Each ends in a
 * token, the HMAC-SHA256 of what it permits under the key of its project, which never leaves the store and this file.
 * A token is checked before anything else is looked up, so an address with a wrong one says nothing of what exists.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessStore } from '../ports/access.ts';

export const LINK_WORDS = ['approve', 'reject'] as const;
export type LinkWord = (typeof LINK_WORDS)[number];

export type DecisionLinks = Readonly<Record<LinkWord, string>>;

const PROJECT_BYTES = 16;
const MAC_BYTES = 32;
/** What a token is checked against where its project has no key: the work is the same. */
const NO_KEY = randomBytes(MAC_BYTES).toString('base64url');

export class Links {
  readonly #access: Pick<AccessStore, 'signingKey'>;
  readonly #baseUrl: () => string;
  /** By project; a key never changes. */
  readonly #keys = new Map<string, Promise<string>>();

  /** `baseUrl` is where the outside finds this server, without a slash at its end. */
  constructor(access: Pick<AccessStore, 'signingKey'>, baseUrl: () => string) {
    this.#access = access;
    this.#baseUrl = baseUrl;
  }

  /** Makes the callback address of any execution of the project. */
  async callbackUrls(projectId: string): Promise<(executionId: string) => string> {
    const key = await this.#keyOf(projectId);
    return (executionId) =>
      `${this.#baseUrl()}/callbacks/${executionId}/${token(projectId, key, ['callback', executionId])}`;
  }

  async decisionLinks(projectId: string, waitId: string): Promise<DecisionLinks> {
    const key = await this.#keyOf(projectId);
    const link = (word: LinkWord) =>
      `${this.#baseUrl()}/approvals/${waitId}/${word}?token=${token(projectId, key, ['decision', waitId, word])}`;
    return { approve: link('approve'), reject: link('reject') };
  }

  /** The project whose execution this callback token is for; undefined where the token is wrong. */
  projectOfCallback(executionId: string, given: string): Promise<string | undefined> {
    return this.#check(given, ['callback', executionId]);
  }

  projectOfDecision(waitId: string, word: LinkWord, given: string): Promise<string | undefined> {
    return this.#check(given, ['decision', waitId, word]);
  }

  async #check(given: string, what: readonly string[]): Promise<string | undefined> {
    const bytes = Buffer.from(given, 'base64url');
    const isWhole = bytes.length === PROJECT_BYTES + MAC_BYTES && bytes.toString('base64url') === given;
    const projectId = isWhole ? uuidOf(bytes) : '';
    const key = isWhole ? await this.#knownKeyOf(projectId) : undefined;
    const wanted = mac(key ?? NO_KEY, what);
    const isRight = timingSafeEqual(wanted, isWhole ? bytes.subarray(PROJECT_BYTES) : Buffer.alloc(MAC_BYTES));
    return isRight && key !== undefined ? projectId : undefined;
  }

  #keyOf(projectId: string): Promise<string> {
    return this.#remember(projectId, async () => {
      const fresh = randomBytes(MAC_BYTES).toString('base64url');
      return (await this.#access.signingKey(projectId, fresh)) ?? fresh;
    });
  }

  /** Projects that somebody only names get no key, and fill nothing. */
  async #knownKeyOf(projectId: string): Promise<string | undefined> {
    const known = this.#keys.get(projectId);
    if (known !== undefined) return await known;
    const key = await this.#access.signingKey(projectId);
    return key === undefined ? undefined : await this.#remember(projectId, async () => key);
  }

  #remember(projectId: string, read: () => Promise<string>): Promise<string> {
    const known = this.#keys.get(projectId);
    if (known !== undefined) return known;
    const key = read();
    this.#keys.set(projectId, key);
    key.catch(() => this.#keys.delete(projectId));
    return key;
  }
}

/** The project stands in front, so that whoever checks knows the key. */
function token(projectId: string, key: string, what: readonly string[]): string {
  const project = Buffer.from(projectId.replaceAll('-', ''), 'hex');
  return Buffer.concat([project, mac(key, what)]).toString('base64url');
}

const mac = (key: string, what: readonly string[]): Buffer =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(JSON.stringify(what)).digest();

function uuidOf(bytes: Buffer): string {
  const hex = bytes.subarray(0, PROJECT_BYTES).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
