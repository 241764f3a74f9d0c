/** The first characters of what a person should see are JSON, cut anywhere; in a list they are read as words. */

/** `{"amount":40,"to":"Ada` becomes `amount: 40 · to: Ada`. */
export function briefText(brief: string | null): string {
  if (brief === null || brief === 'null') return '';
  return (
    brief
      .replace(/"(?:[^"\\]|\\(?:.|$))*"?|[{}[\],:]/g, (part) => WORDS[part] ?? unquoted(part))
      // What is empty says nothing.
      .replace(/(?<=^| · )[^·]*: (?= · |$)/g, '')
      .replace(/(?: · )+/g, ' · ')
      .replace(/^[ ·]+|[ ·]+$/g, '')
      .replace(/\s+/g, ' ')
  );
}

const WORDS: Readonly<Record<string, string>> = { '{': '', '}': '', '[': '', ']': '', ',': ' · ', ':': ': ' };

function unquoted(text: string): string {
  const whole = text.length > 1 && text.endsWith('"') ? text : `${text}"`;
  try {
    return JSON.parse(whole) as string;
  } catch {
    // It was cut within an escape.
    return text.replace(/^"|\\+$/g, '');
  }
}
