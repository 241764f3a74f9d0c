/** Who is told of changes, in any store of the database. */
import type { Change } from '../../ports/live.ts';

export interface LiveListener {
  heard(change: Change): void;
  missed(): void;
}
