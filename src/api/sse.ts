/** What answers of server-sent events share. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Proxies that gather an answer would hold events back.
  'x-accel-buffering': 'no',
};

/** The caller has read on, or is gone. Neither listener stays behind. */
export async function drained(raw: ServerResponse): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(raw, 'drain', { signal }), once(raw, 'close', { signal })]);
  done.abort('done');
}
