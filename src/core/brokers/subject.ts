/** Subjects of NATS: words with points between. Nothing else gets into a line of its protocol. */
import { z } from 'zod';

/** \x and not \u: the pattern goes out in a JSON Schema, and RE2 reads it too. */
const WORD = String.raw`[^\s.*>\x00-\x1f\x7f]+`;
const SUBJECT = new RegExp(`^${WORD}(?:\\.${WORD})*$`);
const FILTER = new RegExp(`^(?:(?:${WORD}|\\*)(?:\\.(?:${WORD}|\\*))*(?:\\.>)?|>)$`);
/** By these the server itself is spoken to. */
const OWN = /^\$(?:JS|SYS)\./;

const MOST = 500;

/** One that a message goes to. */
export const isSubject = (text: string): boolean => text.length <= MOST && SUBJECT.test(text) && !OWN.test(text);

export const subject = z
  .string()
  .refine(isSubject, 'takes words with points between, such as orders.eu, at most 500 characters, and not $JS or $SYS');

/** Several: `*` stands for one word, `>` for all that follow. */
export const subjectFilter = z
  .string()
  .max(MOST)
  .regex(FILTER, 'takes words with points between; * is any word, and > at the end all that follow');
