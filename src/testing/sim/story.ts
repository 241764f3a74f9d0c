/** What a failing seed tells: the rule, the workflows, the last of what happened, and how to see it again. */
import type { Verdict } from './run.ts';

const LINES = 40;

export function storyOf({ seed, fault, story, workflows, counts }: Verdict): string {
  const { executions, events, crashes, ms } = counts;
  return [
    `seed ${seed}: ${fault ?? 'no rule is broken'}`,
    `${executions} executions, ${events} events, ${crashes} processes gone, ${(ms / 1000).toFixed(1)} s of virtual time`,
    '',
    ...workflows.flatMap(({ name, settings, nodes, edges = [] }) => [
      `${name} ${JSON.stringify(settings)}`,
      ...nodes.map((node) => `  ${JSON.stringify(node)}`),
      ...edges.map((edge) => `  ${edge}`),
    ]),
    '',
    ...story.slice(-LINES),
    '',
    `npm run sim -- --seed ${seed}`,
  ].join('\n');
}
