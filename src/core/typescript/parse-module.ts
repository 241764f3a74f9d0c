/** From text to syntax tree, by acorn, which reads JavaScript: what only TypeScript has is refused by its name. */
import { type Program, parse } from 'acorn';
import { refuse } from './unreadable.ts';

/** Characters; the server takes no larger document either, unless it is told to. */
const MAX_SOURCE = 10 * 1024 * 1024;

/** Throws `Unreadable`. */
export function parseModule(text: string): Program {
  if (text.length > MAX_SOURCE) refuse(`the text is longer than ${MAX_SOURCE} characters`, { start: 0, end: 0 });
  try {
    return parse(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  } catch (error) {
    return explain(error as Error & { pos?: number }, text);
  }
}

/** acorn throws a SyntaxError with a position, also where deep nesting has used up the stack. */
function explain({ pos = 0, message }: Error & { pos?: number }, text: string): never {
  const span = { start: pos, end: Math.min(pos + 1, text.length) };
  if (/stack/i.test(message)) refuse('it is nested too deeply to be read', span);
  const word = typeWord(text, pos);
  if (word === undefined) {
    refuse(message.charAt(0).toLowerCase() + message.slice(1).replace(/ \(\d+:\d+\)$/, ''), span);
  }
  refuse(`\`${word}\` belongs to the types of TypeScript, which are not read here; leave it out`, span);
}

/** Words that begin something which only TypeScript has. */
const STATEMENTS = /\b(?:abstract|declare|enum|interface|module|namespace|type)\s*$/;
const HERE = /(?:as|satisfies|enum|interface|type)\b/y;

/** What of TypeScript stands where JavaScript ends; undefined where it is a plain slip. */
function typeWord(text: string, pos: number): string | undefined {
  HERE.lastIndex = pos;
  const here = HERE.exec(text)?.[0];
  if (here !== undefined) return here;
  const before = text.slice(Math.max(0, pos - 80), pos);
  const statement = STATEMENTS.exec(before)?.[0].trim();
  if (statement !== undefined) return statement;
  if (text[pos] === ':' && /[\w$)?]\s*$/.test(before)) return ':';
  return text[pos] === '!' && /[\w$)\]]$/.test(before) ? '!' : undefined;
}
