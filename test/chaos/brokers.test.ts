/** Brokers that are stopped and killed under load, together with workers; `npm run chaos:brokers` does it for longer. */
import { describe, expect, test } from 'vitest';
import type { BrokerName } from '../../src/testing/broker-addresses.ts';
import { describeBroker } from '../../src/testing/brokers.ts';
import { brokerCampaign } from './broker-campaign.ts';
import { BROKERS_UNDER_LOAD } from './brokers.ts';

// Each has a broker, a database and processes of its own, and waits most of the time.
describe.concurrent('brokers', () => {
  for (const name of Object.keys(BROKERS_UNDER_LOAD) as BrokerName[]) {
    describeBroker(name, () => {
      test('stopped and killed under load: nothing is lost, and nothing that finished runs again', async () => {
        const { faults, ...figures } = await brokerCampaign(name, { rounds: 2, messages: 150 });
        console.log(`${name}: ${JSON.stringify(figures)}`);
        expect(faults).toEqual([]);
        expect(figures).toMatchObject({ stops: 1, kills: 1, workersKilled: 2 });
        expect(figures.acknowledged).toBeGreaterThanOrEqual(300);
      });
    });
  }
});
