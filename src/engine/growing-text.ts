/**
 * A text that comes in pieces. They are put together when somebody reads, and not before: to look into a text that was
 * just added to, the engine of JavaScript copies all of it.
 */
export class GrowingText {
  #text = '';
  #pieces: string[] = [];
  /** In UTF-16 code units. */
  length = 0;
  #endsInHalf = false;

  add(piece: string): void {
    this.#pieces.push(piece);
    this.length += piece.length;
    this.#endsInHalf = isFirstHalf(piece.charCodeAt(piece.length - 1));
  }

  /** Without the half of a pair whose other half has not come. */
  get wholeLength(): number {
    return this.#endsInHalf ? this.length - 1 : this.length;
  }

  read(): string {
    if (this.#pieces.length > 0) {
      this.#text += this.#pieces.join('');
      this.#pieces = [];
    }
    return this.#text;
  }
}

const isFirstHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** The length of a text without the half of a pair at its end. */
export function wholeLength(text: string): number {
  return isFirstHalf(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length;
}
