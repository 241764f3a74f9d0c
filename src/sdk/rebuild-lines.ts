/** How far the server is with a projection that is made anew: a line of JSON each time it has more. */
import { type PROJECTION_NAMES, type RebuildLine, rebuildLineSchema } from '../contract/sessions.ts';
import { ApiError } from './api-error.ts';
import type { Transport } from './transport.ts';

/** Throws `ApiError` where it breaks off before the end. */
export async function* rebuildLines(
  transport: Transport,
  name: (typeof PROJECTION_NAMES)[number],
  signal: AbortSignal | undefined,
): AsyncGenerator<RebuildLine, void> {
  const { body } = await transport.open('rebuildProjection', { params: { name }, signal });
  let rest = '';
  let finished = false;
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const next = await reader?.read().catch((error) => Promise.reject(transport.broken(error, signal)));
      if (next === undefined || next.done) break;
      const lines = (rest + next.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const told = rebuildLineSchema.parse(JSON.parse(line));
        finished ||= told.finished;
        yield told;
      }
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  if (finished) return;
  throw new ApiError('unreachable', 0, `The server broke off before ${name} was whole. Run it again.`);
}
