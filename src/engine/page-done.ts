/** What became of a page of those that fit a filter, when the same was done to all of them. */
export interface PageDone<Place> {
  readonly done: number;
  /** They fit, but are left as they are. */
  readonly refused: number;
  /** Where the next page begins; null: that was all. */
  readonly next: Place | null;
}
