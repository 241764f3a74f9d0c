import { expect, test } from 'vitest';
import type { DryReplay } from '../../../../src/contract/replays.ts';
import { foundWords, takenWords } from './dry-words.ts';

const dry = (over: Partial<DryReplay>): DryReplay => ({
  ...{ dryRun: true, workflowId: 'w', workflowName: 'shipping', version: 2, trigger: 'placed', first: [] },
  ...{ total: 8, more: false, examined: 8, taken: 7, refused: 0 },
  ...over,
});
const said = (over: Partial<DryReplay>) => `${foundWords(dry(over))} ${takenWords(dry(over))}`;

test.each([
  [{}, '8 messages found, of which 7 would start shipping v2 by its trigger placed.'],
  [{ total: 1, examined: 1, taken: 1, trigger: null }, '1 message found, of which 1 would start shipping v2.'],
  [
    { refused: 1, taken: 6 },
    '8 messages found, of which 6 would start shipping v2 by its trigger placed. 1 could start nothing.',
  ],
  [
    { total: 20_000, examined: 10_000 },
    `${(20_000).toLocaleString()} messages found; of the first ${(10_000).toLocaleString()}, 7 would start shipping v2 by its trigger placed.`,
  ],
  [
    { total: 100_000, more: true, examined: 10_000 },
    `At least ${(100_000).toLocaleString()} messages found; of the first ${(10_000).toLocaleString()}, 7 would start shipping v2 by its trigger placed.`,
  ],
  [{ total: 0, examined: 0, taken: 0 }, '0 messages would be read.'],
])('%j', (over, words) => {
  expect(said(over)).toBe(words);
});
