/** Replays in memory, where no message is ever on its way. `replaysInHand` stands for the locks of those that some process is at. */
import { MAX_REPLAYS, type Replay, type ReplayStep, type ReplayStore } from '../../ports/replays.ts';
import type { Database } from './database.ts';

export function replayStore(database: Database): ReplayStore {
  const { replays } = database;
  const of = (projectId: string) => [...replays.values()].filter((one) => one.projectId === projectId);
  const find = (projectId: string, id: string) => of(projectId).find((one) => one.id === id);
  return {
    add: async (replay) => {
      if (of(replay.projectId).filter(isRunning).length >= MAX_REPLAYS) return undefined;
      const added = { ...structuredClone(replay), end: database.lastMessage };
      replays.set(replay.id, added);
      return added;
    },
    get: async (projectId, id) => find(projectId, id),
    list: async (projectId, { before, limit }) =>
      of(projectId)
        .filter(({ id }) => before === undefined || id < before)
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit),
    cancel: async (projectId, id, now) => {
      const found = find(projectId, id);
      if (found === undefined || !isRunning(found)) return found;
      replays.set(id, { ...found, status: 'canceled', finishedAt: now });
      return replays.get(id);
    },
    step: (now, advance) => step(database, now, advance),
  };
}

const isRunning = ({ status }: Replay): boolean => status === 'running';

async function step(
  { replays, replaysInHand }: Database,
  now: number,
  advance: (replay: Replay) => Promise<ReplayStep>,
): Promise<Replay | null | undefined> {
  const running = [...replays.values()].filter(isRunning);
  if (running.length === 0) return undefined;
  const [taken] = running.filter(({ id }) => !replaysInHand.has(id)).sort((a, b) => a.movedAt - b.movedAt);
  if (taken === undefined) return null;
  const { id } = taken;
  replaysInHand.add(id);
  try {
    const { status, ...counts } = await advance(taken);
    const found = replays.get(id) ?? taken;
    const ended = isRunning(found) && status !== 'running' ? { finishedAt: now } : {};
    replays.set(id, { ...found, ...counts, ...(isRunning(found) && { status }), ...ended, movedAt: now });
    return replays.get(id);
  } finally {
    replaysInHand.delete(id);
  }
}
