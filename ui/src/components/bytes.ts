/** How large something is, as people say it; and what is too large to be read unasked. */

/** Of JSON; more is loaded on demand. */
export const LARGE = 256 * 1024;

/** `840 B`, `12 kB`, `3.4 MB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
