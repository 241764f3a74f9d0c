import { IANAZone } from 'luxon';
import { expect, test } from 'vitest';
import { zoneOf } from './wall-clock.ts';

test('a zone that nobody knows is told', () => {
  expect(() => zoneOf('Europe/Nowhere')).toThrow('no time zone Europe/Nowhere');
});

test('offsets are those of the zone, over more weeks than are kept', () => {
  const zone = zoneOf('America/New_York');
  const truth = IANAZone.create('America/New_York');
  const day = 86_400_000;
  for (let at = Date.UTC(1990, 0); at < Date.UTC(2030, 0); at += 3 * day) {
    expect(zone(at)).toBe(truth.offset(at) * 60_000);
  }
});
