/** Text as a person reads it: control characters become spaces, lines stay, and it ends at `longest` characters. */
export function plainText(text: string, longest: number): string {
  // A little more than is kept, so that a huge text costs no more than a long one.
  const clean = text.slice(0, 2 * longest).replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, ' ');
  const characters = [...clean];
  return characters.length <= longest ? clean : `${characters.slice(0, longest - 1).join('')}…`;
}
