/**
 * Who of a group reads which partition. The assigner that the library has gives members partitions of topics that they
 * have not asked for, and leaves out topics of the others, where members of one group read different topics.
 */
import type { GroupAssignment, GroupPartitionsAssigner } from '@platformatic/kafka';

/** Each partition to one of those that read its topic, one after the other. */
export const shareOut: GroupPartitionsAssigner = (_current, members, _topics, metadata) => {
  const shares = [...members.keys()].map((memberId) => ({ memberId, assignments: new Map<string, GroupAssignment>() }));
  for (const [topic, { partitionsCount }] of metadata.topics) {
    const readers = shares.filter(({ memberId }) => members.get(memberId)?.topics?.includes(topic));
    for (const [index, { assignments }] of readers.entries()) {
      const count = Math.ceil((partitionsCount - index) / readers.length);
      const partitions = Array.from({ length: count }, (_, round) => index + round * readers.length);
      if (count > 0) assignments.set(topic, { topic, partitions });
    }
  }
  return shares;
};
