/** Where new events of a stream lie, for a project that has a feed. */

export interface FeedEntry {
  readonly projectId: string;
  readonly streamId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly createdAt: number;
}

/** As much of the database as it takes. */
interface Feeds {
  readonly eventFeeds: ReadonlyMap<string, unknown>;
  readonly feedEntries: FeedEntry[];
}

/** False: the project has no feed, or there is nothing to tell. */
export function addFeedEntry({ eventFeeds, feedEntries }: Feeds, entry: FeedEntry): boolean {
  if (!eventFeeds.has(entry.projectId) || entry.lastSeq < entry.firstSeq) return false;
  feedEntries.push(entry);
  return true;
}
