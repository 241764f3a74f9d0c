/**
 * From text to syntax tree, by acorn. The end of an expression is where the parser stops, not the first `}}`, so that
 * texts, objects and templates inside may hold braces.
 */
import { type Expression as Node, type Options, parseExpressionAt, tokenizer, tokTypes } from 'acorn';
import { MAX_SOURCE } from './budget.ts';
import type { Problem } from './context.ts';

const OPTIONS: Options = { ecmaVersion: 'latest', sourceType: 'module', preserveParens: true, allowHashBang: false };

export interface Parsed {
  readonly node: Node;
  /** Where the expression ends and where the text after it (and after the closing braces) goes on. */
  readonly end: number;
  readonly next: number;
}

/** The expression from `start` on, up to `}}` where `braces`, else up to the end of the text. */
export function parse(text: string, start: number, braces: boolean): Parsed | Problem {
  const source = text.slice(start, start + MAX_SOURCE + 2);
  if (!braces && source.length > MAX_SOURCE) return tooLong(start);
  try {
    const node = parseExpressionAt(source, 0, OPTIONS);
    const token = tokenizer(source.slice(node.end), OPTIONS).getToken();
    const at = node.end + token.start;
    const closed = braces
      ? token.type === tokTypes.braceR && source.charAt(at + 1) === '}'
      : token.type === tokTypes.eof;
    if (closed) return { node, end: start + node.end, next: start + at + 2 };
    if (at >= MAX_SOURCE) return tooLong(start);
    return { position: start + at, reason: at >= source.length ? 'the expression does not end' : 'unexpected token' };
  } catch (error) {
    return explain(error as Error & { pos?: number }, source, start);
  }
}

function tooLong(position: number): Problem {
  return { position, reason: `the expression is longer than ${MAX_SOURCE} characters` };
}

/** acorn throws a SyntaxError with a position, also where deep nesting has used up the stack. */
function explain({ pos = 0, message }: Error & { pos?: number }, source: string, start: number): Problem {
  if (/^\s*(?:\}\}|$)/.test(source)) return { position: start, reason: 'the expression is empty' };
  if (pos >= MAX_SOURCE) return tooLong(start);
  const position = start + pos;
  if (/stack/i.test(message)) return { position, reason: 'the expression is nested too deeply' };
  const reason = message.charAt(0).toLowerCase() + message.slice(1).replace(/ \(\d+:\d+\)$/, '');
  const cut = source.length > MAX_SOURCE && reason.startsWith('unterminated');
  return { position, reason: cut ? `${reason} within ${MAX_SOURCE} characters` : reason };
}
