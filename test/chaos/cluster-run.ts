/** `npm run chaos:cluster -- --minutes 10`: the long campaign. Ends with 1 where a fault was found. */
import { parseArgs } from 'node:util';
import { campaign } from './cluster-campaign.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, callers: { type: 'string', default: '8' } },
});
const { faults, ...figures } = await campaign({
  durationMs: Number(values.minutes) * 60_000,
  pauseMs: 2_000,
  callers: Number(values.callers),
  progress: (line) => console.log(line),
});
console.log(JSON.stringify(figures, null, 2));
console.log(`${faults.length} faults`);
for (const fault of faults.slice(0, 50)) console.log(`  ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
