import { expect, test } from 'vitest';
import { portOf, rabbitmq } from './rabbitmq.ts';

test.each([
  [{}, 5_671],
  [{ tls: 'off' }, 5_672],
  [{ tls: 'off', port: 15_673 }, 15_673],
])('%j is dialed at port %i', (fields, port) => {
  expect(portOf(rabbitmq.config.parse({ host: 'h', user: 'u', password: 'p', ...fields }))).toBe(port);
});
