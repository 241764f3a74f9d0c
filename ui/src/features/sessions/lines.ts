/** What a list of a conversation shows: turns, and in the place of each page that is not read yet a gap. */
import type { SessionEventAnswer } from '../../../../src/contract/sessions.ts';
import { type Turn, turnsOf } from './conversation.ts';
import type { EventPages } from './event-pages.ts';
import { pageOf } from './page-of.ts';

export type Line = Turn | { readonly kind: 'gap'; readonly page: number };

export function linesOf(pages: Pick<EventPages, 'last' | 'page'>): Line[] {
  const lines: Line[] = [];
  /** Pages that follow each other: a call may begin on one and end on the next. */
  let run: SessionEventAnswer[] = [];
  const close = () => {
    lines.push(...turnsOf(run));
    run = [];
  };
  for (let index = 0; pages.last > 0 && index <= pageOf(pages.last); index++) {
    const page = pages.page(index);
    if (page === undefined) {
      close();
      lines.push({ kind: 'gap', page: index });
    } else run.push(...page);
  }
  close();
  return lines;
}

/** Stays the same while more is read. */
export const keyOf = (line: Line): string => (line.kind === 'gap' ? `gap ${line.page}` : `${line.kind} ${line.first}`);

/** Where the event of this number is, or the page that has it; -1: there is no such event. */
export function placeOf(lines: readonly Line[], seq: number): number {
  const place = lines.findIndex((line) => line.kind !== 'gap' && (line.seq === seq || line.first === seq));
  return place >= 0 ? place : lines.findIndex((line) => line.kind === 'gap' && line.page === pageOf(seq));
}
