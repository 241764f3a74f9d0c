import type { Msg } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { toDelivered } from './delivered.ts';

test.each([
  '$JS.ACK.ORDERS.shop.1.42.7.1700000000123456789.0',
  '$JS.ACK.hub.ACCOUNT.ORDERS.shop.1.42.7.1700000000123456789.0',
  '$JS.ACK._.ACCOUNT.ORDERS.shop.1.42.7.1700000000123456789.0.random',
])('%s tells where it stands', (reply) => {
  expect(toDelivered({ reply } as Msg)).toMatchObject({ sequence: 42, time: 1_700_000_000_123 });
});
