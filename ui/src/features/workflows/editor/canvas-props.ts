/** What the canvas of the editor is given, and its keys with it. */
import type { Marks } from '../../../graph/marks.ts';
import type { Catalog } from './catalog.ts';
import type { Commands } from './commands.ts';
import type { DraftHandle } from './draft.ts';
import type { Where } from './edit/add.ts';
import type { Spot } from './edit/move.ts';

export interface CanvasViewProps {
  readonly draft: DraftHandle;
  readonly commands: Commands;
  readonly catalog: Catalog;
  readonly marks: Marks;
  readonly urls: ReadonlyMap<string, string>;
  readonly selection: readonly string[];
  readonly select: (places: readonly string[]) => void;
  /** What the panel shows: it stays in sight. */
  readonly opened: string | undefined;
  /** How far the canvas is pushed to the right. */
  readonly shift: number;
  readonly open: (place: string | undefined) => void;
  /** Asks which type, and puts it there. */
  readonly pick: (where: Where | undefined) => void;
  /** Asks which node it leads to. */
  readonly join: (place: string) => void;
  readonly menu: (place: string, at: Spot) => void;
}
