/** A moment as JSON has it, with its offset, and as the browser's own field takes it: in the time of this place. */

const two = (value: number): string => String(value).padStart(2, '0');

/** Undefined: it is no moment, so the field could not show it. Fractions of a second are left out. */
export function localOf(text: string): string | undefined {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || !/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)) return undefined;
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const seconds = at.getSeconds() === 0 ? '' : `:${two(at.getSeconds())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}

/** In UTC: `2026-11-27T08:00:00Z`; '' where nothing is chosen. */
export function momentOf(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().replace('.000Z', 'Z');
}
