/**
 * What was changed and not saved, kept in this browser by workflow. Each window keeps its own, so that two of them never
 * write over each other, and what an earlier one left is offered on return.
 */
import { newKey } from '../../../components/new-key.ts';
import { keep, readKept } from '../../../components/storage.ts';
import type { Definition } from '../../../graph/document.ts';
import type { TextLanguage } from './edit/read-text.ts';

export interface LocalDraft {
  /** Of the window that made it. */
  readonly session: string;
  readonly at: string;
  /** Version that it was made from; undefined: never saved. */
  readonly version: number | undefined;
  readonly definition: Definition;
  readonly texts?: Texts;
}

/** By language, as somebody wrote them. */
export type Texts = Readonly<Partial<Record<TextLanguage, WrittenText>>>;

export interface WrittenText {
  readonly text: string;
  /** It could not be read. */
  readonly isUnread: boolean;
  /** Why not, in one line. */
  readonly why?: string;
  /** It has comments, which are not saved. */
  readonly hasComments?: boolean;
}

/** One for each load of the page. */
export const SESSION = newKey();
const MOST = 3;

const keyOf = (workflow: string): string => `myelin.draft.${workflow}`;

/** Newest first. */
export function readDrafts(workflow: string): readonly LocalDraft[] {
  try {
    const drafts: unknown = JSON.parse(readKept(keyOf(workflow)) ?? '[]');
    return Array.isArray(drafts) ? (drafts as LocalDraft[]) : [];
  } catch {
    return [];
  }
}

/** Where no room is left, the window itself still has everything, and asks before it is closed. */
const write = (workflow: string, drafts: readonly LocalDraft[]): void =>
  keep(keyOf(workflow), drafts.length === 0 ? undefined : JSON.stringify(drafts.slice(0, MOST)));

export const keepDraft = (workflow: string, draft: LocalDraft): void =>
  write(workflow, [draft, ...readDrafts(workflow).filter(({ session }) => session !== draft.session)]);

export const dropDraft = (workflow: string, session: string): void =>
  write(
    workflow,
    readDrafts(workflow).filter((draft) => draft.session !== session),
  );
