/** `npm run chaos -- --kills 200`: the long campaign. Prints its progress and ends with 1 where a fault was found. */
import { parseArgs } from 'node:util';
import { Program } from '../program/server.ts';
import { Callers } from './callers.ts';
import { deploy, killPostgres, settled } from './campaign.ts';
import { findFaults } from './history.ts';
import { openSink } from './sink.ts';
import { ERRANDS } from './workflows.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' } } });
const kills = Number(values.kills);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const sink = await openSink();
const program = await Program.create();
await program.start();
await deploy(program, ERRANDS.document(sink.url));
const callers = new Callers(program, 8);
const started = Date.now();
for (let kill = 1; kill <= kills; kill++) {
  await pause(Math.random() * 1_200);
  if (kill % 10 === 0) killPostgres(program);
  else {
    await program.kill();
    await program.start();
  }
  if (kill % 10 === 0) console.log(`${kill} kills, ${callers.acknowledged.size} acknowledged`);
}
await callers.stop();
await settled(program, 300_000, () => program.output);
const faults = await findFaults(program, callers, sink);
const calls = [...sink.calls.values()];
const total = calls.reduce((sum, count) => sum + count, 0);
console.log(
  `${kills} kills in ${Math.round((Date.now() - started) / 1000)} s; ${callers.acknowledged.size} executions acknowledged; ` +
    `${total} effects on ${calls.length} keys, ${total - calls.length} repeated with the same key; ${faults.length} faults`,
);
for (const fault of faults.slice(0, 50)) console.log(`  ${fault}`);
await program.dispose();
await sink.close();
process.exitCode = faults.length === 0 ? 0 : 1;
