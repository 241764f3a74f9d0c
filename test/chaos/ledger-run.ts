/** `npm run chaos:ledger -- --kills 200`: agents under kills, then a budget under kills. Ends with 1 where a fault was found. */
import { parseArgs } from 'node:util';
import { budgetCampaign } from './budget.ts';
import { ledgerCampaign } from './ledger.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, loops: { type: 'string', default: '50' } },
});
const progress = (line: string) => console.log(line);
const ledger = await ledgerCampaign({ kills: Number(values.kills), loops: Number(values.loops), progress });
console.log(JSON.stringify(ledger, null, 2));
const budget = await budgetCampaign({ children: 200, kills: 8 });
console.log(JSON.stringify(budget, null, 2));
process.exitCode = ledger.faults.length + budget.faults.length === 0 ? 0 : 1;
