/**
 * What sessions are found by where no index has those that fit in order: numbers made of a tag, an agent, a category or
 * a user, and of each two of them, so that two that are common and seldom meet are one short list. Users come alone:
 * most have few sessions, and with each of their tags they would be most of the index. A number is 64 bits of a hash, so
 * what is found by it is compared with what was asked for. Migration 0020 makes the same of what was there.
 */
import { createHash } from 'node:crypto';
import type { SessionQuery, SessionSummary } from '../../ports/sessions.ts';

/** Words of a session of which each two are paired: at most 91 pairs. One with more words is wide. */
const PAIRED = 14;
const WIDE = 'wide';

type Described = Pick<SessionSummary, 'projectId' | 'agent' | 'category' | 'userId' | 'tags'>;

/** For a `bigint[]`. */
export function termsOf(session: Described): string[] {
  const { words, user, wide } = hashed(session);
  const beside = words.length > PAIRED ? words.map((one) => one ^ wide) : pairs(words);
  return texts([...user, ...words, ...beside]);
}

/** A session that fits the filters beside status and time has all terms of one of these. */
export function termsToFind(query: SessionQuery): string[][] {
  const { words, user, wide } = hashed(query);
  if (words.length <= 1) return [texts([...user, ...words])];
  const ofWide = texts([...user, ...words.map((one) => one ^ wide)]);
  return words.length > PAIRED ? [ofWide] : [texts([...user, ...pairs(words)]), ofWide];
}

/** Whether it has what was asked for beside status and time. */
export const fitsQuery = ({ userId, agent, category, tags = [] }: SessionQuery, found: SessionSummary): boolean =>
  (userId === undefined || found.userId === userId) &&
  (agent === undefined || found.agent === agent) &&
  (category === undefined || found.category === category) &&
  tags.every((tag) => found.tags.includes(tag));

type Words = Pick<SessionQuery, 'projectId' | 'agent' | 'tags'> & {
  readonly category?: string | null;
  readonly userId?: string | null;
};

/** Of one word alone. */
export const termOf = (projectId: string, kind: 'tag' | 'user', value: string): string =>
  String(hashOf(projectId, `${kind} ${value}`));

const hashOf = (projectId: string, word: string): bigint =>
  createHash('sha256').update(`${projectId} ${word}`).digest().readBigInt64BE();

function hashed({ projectId, agent, category, userId, tags = [] }: Words) {
  const hash = (word: string) => hashOf(projectId, word);
  const named = (kind: string, value: string | null | undefined) => (value == null ? [] : [hash(`${kind} ${value}`)]);
  return {
    words: [
      ...new Set(tags.map((tag) => hash(`tag ${tag}`))),
      ...named('agent', agent),
      ...named('category', category),
    ],
    user: named('user', userId),
    wide: hash(WIDE),
  };
}

const pairs = (words: readonly bigint[]): bigint[] =>
  words.flatMap((one, at) => words.slice(at + 1).map((other) => one ^ other));

const texts = (terms: readonly bigint[]): string[] => terms.map(String);
