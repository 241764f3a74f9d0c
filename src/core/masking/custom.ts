/** Rules that a person writes: RE2 patterns (no look-around, no back references), so that none takes exponential time. */
import { RE2JS } from 're2js';

/** Instructions of a compiled pattern. Each is looked at for each character in the worst case. */
const LARGEST_PROGRAM = 1_000;

/** Why a pattern is refused, with what to do; undefined: it is fine. */
export function patternFault(pattern: string): string | undefined {
  let compiled: RE2JS;
  try {
    compiled = compilePattern(pattern);
  } catch (error) {
    return `is no pattern of RE2: ${(error as Error).message}`;
  }
  if (compiled.test('') && compiled.matcher('').matches()) return 'fits the empty text; let it take one character';
  if (compiled.programSize() > LARGEST_PROGRAM) return 'is too large; repeat less, such as {1,20}';
  if (!isDirect(pattern)) return 'repeats without a bound before its end; write {1,20} for + and {0,20} for *';
  return undefined;
}

/** Throws an Error with a reason. */
export const compilePattern = (pattern: string): RE2JS => RE2JS.compile(RE2JS.translateRegExp(pattern));

/**
 * A repetition without a bound that does not end the pattern may read far past each match, so that finding all takes
 * time in the square of the text (`a*b|a`).
 */
function isDirect(pattern: string): boolean {
  if (pattern.includes('\\Q')) return false;
  const bare = pattern.replace(/\\[\s\S]/g, 'x').replace(/\[[^\]]*\]/g, 'x');
  return !/[*+]|\{\d+,\}/.test(bare.replace(/[*+]\??$/, ''));
}
