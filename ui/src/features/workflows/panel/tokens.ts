/** The parts of a template that have a color. */

export interface Token {
  readonly from: number;
  readonly to: number;
  readonly kind: 'braces' | 'expression' | 'variable' | 'text' | 'number' | 'word';
}

const INSIDE =
  /(?<variable>\$[\w$]*)|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)|(?<number>(?<![\w$])\d+(?:\.\d+)?)|(?<word>(?<![\w$.])(?:true|false|null|undefined|typeof|in)(?![\w$]))/g;

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let open = text.indexOf('{{'); open >= 0; ) {
    const close = text.indexOf('}}', open + 2);
    const end = close < 0 ? text.length : close;
    const whole = close < 0 ? end : close + 2;
    tokens.push({ from: open, to: whole, kind: 'expression' }, { from: open, to: open + 2, kind: 'braces' });
    for (const match of text.slice(open + 2, end).matchAll(INSIDE)) {
      const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0];
      const from = open + 2 + match.index;
      if (kind !== undefined) tokens.push({ from, to: from + match[0].length, kind: kind as Token['kind'] });
    }
    if (close >= 0) tokens.push({ from: close, to: whole, kind: 'braces' });
    open = text.indexOf('{{', whole);
  }
  return tokens;
}
