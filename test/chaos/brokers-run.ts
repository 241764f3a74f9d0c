/**
 * `npm run chaos:brokers -- --rounds 20 --messages 500 --window 60 kafka`: the long campaign, with each broker or those named.
 * Ends with 1 where a fault was found.
 */
import { parseArgs } from 'node:util';
import type { BrokerName } from '../../src/testing/broker-addresses.ts';
import { brokerCampaign } from './broker-campaign.ts';
import { BROKERS_UNDER_LOAD } from './brokers.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20' },
    messages: { type: 'string', default: '500' },
    window: { type: 'string', default: '60' },
  },
});
const options = {
  ...{ rounds: Number(values.rounds), messages: Number(values.messages) },
  window: Number(values.window),
};
const known = Object.keys(BROKERS_UNDER_LOAD) as BrokerName[];
const named = known.filter((name) => positionals.length === 0 || positionals.includes(name));
for (const name of named) {
  const { faults, ...figures } = await brokerCampaign(name, { ...options, progress: (line) => console.log(line) });
  console.log(JSON.stringify({ broker: name, ...figures }, null, 2));
  console.log(`${faults.length} faults`);
  for (const fault of faults.slice(0, 50)) console.log(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
