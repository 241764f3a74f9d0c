/**
 * What processes tell each other for the pages that people look at, by notifications. They have a channel and a
 * connection of their own: only processes in which somebody reads hear them.
 */
import { STATUSES } from '../../core/execution/status.ts';
import { TOPICS } from '../../core/topics.ts';
import type { Change, ChangedExecution, LiveStore } from '../../ports/live.ts';
import { texts } from './columns.ts';
import { guarded } from './failures.ts';
import { listen, type Pool } from './sql.ts';

const CHANNEL = 'myelin_live';
const MISSED = 'missed';

/** As it is sent: short, since there are less than 8,000 bytes. */
interface Payload {
  readonly p: string;
  readonly t: readonly string[];
  /** Id, workflow, status. */
  readonly e: readonly (readonly [string, string, string])[];
  readonly m: boolean;
}

/** `opened` is given each listening connection, to be closed with the store. */
export function liveStore(sql: Pool, url: string, opened: (listener: { close(): Promise<void> }) => void): LiveStore {
  const notify = (payloads: readonly string[]) =>
    guarded(async () => {
      if (payloads.length === 0) return;
      await sql`select pg_notify(${CHANNEL}, p) from unnest(string_to_array(${texts(payloads)}, e'\\x1e')) p`;
    });
  return {
    tell: (changes) => notify(changes.map(printChange)),
    tellMissed: () => notify([MISSED]),
    listen: async (heard, missed) => {
      const told = (payload: string) => {
        const change = readChange(payload);
        if (change === undefined) missed();
        else heard(change);
      };
      opened(await guarded(() => listen(url, CHANNEL, told, missed)));
    },
  };
}

function printChange({ projectId, topics, executions, more }: Change): string {
  const e = executions.map(({ id, workflowId, status }) => [id, workflowId, status] as const);
  return JSON.stringify({ p: projectId, t: topics, e, m: more } satisfies Payload);
}

/** Undefined for what we do not know, as another version of the program may tell: whoever reads then reads it all. */
function readChange(payload: string): Change | undefined {
  if (payload === MISSED) return undefined;
  try {
    const { p: projectId, t, e, m: more }: Payload = JSON.parse(payload);
    const topics = TOPICS.filter((topic) => t.includes(topic));
    return { projectId, topics, executions: e.flatMap(readExecution), more };
  } catch {
    return undefined;
  }
}

function readExecution([id, workflowId, text]: Payload['e'][number]): ChangedExecution[] {
  const status = STATUSES.find((one) => one === text);
  return status === undefined ? [] : [{ id, workflowId, status }];
}
