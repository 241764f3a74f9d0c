import type { ClusterMetadata, ClusterTopicMetadata } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { shareOut } from './share-out.ts';

function shares(members: Readonly<Record<string, readonly string[]>>, topics: Readonly<Record<string, number>>) {
  const known = Object.entries(topics).map(([topic, partitionsCount]): [string, ClusterTopicMetadata] => [
    topic,
    { id: topic, partitionsCount, partitions: [], lastUpdate: 0 },
  ]);
  const metadata: ClusterMetadata = {
    id: '',
    brokers: new Map(),
    controllerId: 1,
    lastUpdate: 0,
    topics: new Map(known),
  };
  const asking = Object.entries(members).map(([memberId, own]) => ({ memberId, version: 1, topics: [...own] }));
  const given = shareOut('a', new Map(asking.map((one) => [one.memberId, one])), new Set(members.a), metadata);
  return Object.fromEntries(
    given.map(({ memberId, assignments }) => [
      memberId,
      Object.fromEntries([...assignments].map(([topic, { partitions }]) => [topic, partitions])),
    ]),
  );
}

test('members of one topic share its partitions', () => {
  expect(shares({ a: ['t'], b: ['t'] }, { t: 3 })).toEqual({ a: { t: [0, 2] }, b: { t: [1] } });
  expect(shares({ a: ['t'], b: ['t'] }, { t: 1 })).toEqual({ a: { t: [0] }, b: {} });
});

test('each reads only what it asked for, and no topic is left out', () => {
  const given = shares({ a: ['t'], b: ['u'], c: ['t', 'u'] }, { t: 2, u: 3 });
  expect(given).toEqual({ a: { t: [0] }, b: { u: [0, 2] }, c: { t: [1], u: [1] } });
});
