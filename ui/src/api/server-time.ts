/** The clock of the server, as its answers tell it: that of this machine may be minutes off. */
let aheadMs = 0;

/** The `date` of an answer: whole seconds, so that the time told is never later than the server's. */
export function hearTime(date: string | null, now = Date.now()): void {
  const at = Date.parse(date ?? '');
  if (!Number.isNaN(at)) aheadMs = at - now;
}

/** Milliseconds since the epoch; at most a second and the way of an answer behind. */
export const serverTime = (now = Date.now()): number => now + aheadMs;
