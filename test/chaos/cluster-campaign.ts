/** A campaign against a cluster: load and storms for a time, then quiet, then the judgment. */
import { Callers } from './callers.ts';
import { settled } from './campaign.ts';
import { Cluster } from './cluster.ts';
import { findFaults } from './history.ts';
import { WORKFLOWS } from './workflows.ts';

export interface Report {
  readonly seconds: number;
  readonly acknowledged: number;
  /** Callers that got the result itself. */
  readonly replies: number;
  readonly canceled: number;
  readonly timersFired: number;
  /** Effects at the sink, and the keys they came with. */
  readonly effects: number;
  readonly keys: number;
  /** Calls without an answer, by what came instead; callers repeated them. */
  readonly unanswered: Readonly<Record<string, number>>;
  readonly storms: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

export interface CampaignOptions {
  readonly durationMs: number;
  /** Longest pause between two storms; several may be under way. */
  readonly pauseMs: number;
  readonly callers: number;
  progress?(line: string): void;
}

const QUIET_WITHIN_MS = 180_000;

export async function campaign({ durationMs, pauseMs, callers: count, progress }: CampaignOptions): Promise<Report> {
  const cluster = await Cluster.open();
  try {
    const began = Date.now();
    const callers = new Callers(cluster, count, WORKFLOWS);
    const storms = new Set<Promise<void>>();
    let told = began;
    while (Date.now() - began < durationMs) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMs));
      const storm: Promise<void> = cluster.storm().finally(() => storms.delete(storm));
      storms.add(storm);
      if (progress === undefined || Date.now() - told < 30_000) continue;
      told = Date.now();
      progress(
        `${Math.round((told - began) / 1000)} s, ${callers.acknowledged.size} acknowledged, ${JSON.stringify(Object.fromEntries(callers.unanswered))} unanswered; up: ${cluster.untroubled}`,
      );
    }
    await Promise.all(storms);
    await cluster.calm();
    await callers.stop();
    const seconds = Math.round((Date.now() - began) / 1000);
    await settled(cluster, QUIET_WITHIN_MS, () => cluster.output);
    const faults = [...(await findFaults(cluster, callers, cluster.sink)), ...(await cluster.remains())];
    const calls = [...cluster.sink.calls.values()];
    return {
      seconds,
      acknowledged: callers.acknowledged.size,
      replies: callers.replies,
      canceled: callers.canceled.size,
      timersFired: await cluster.fired(),
      effects: calls.reduce((sum, one) => sum + one, 0),
      keys: calls.length,
      unanswered: Object.fromEntries(callers.unanswered),
      storms: Object.fromEntries(cluster.storms),
      faults,
    };
  } finally {
    await cluster.close();
  }
}
