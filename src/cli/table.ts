/** Columns of text, as wide as their widest cell; the last one gives way where the line would be too long. */
import { clean, clip, type Style } from './text.ts';

interface Cell {
  readonly text: string;
  /** Color of the cell, put on after it is measured. */
  readonly paint?: (text: string) => string;
}

export type Row = readonly (string | Cell)[];

/** Lines with a head; without rows, none. Not cut where `width` is undefined (the output is no terminal). */
export function table(head: readonly string[], rows: readonly Row[], style: Style, width?: number): string[] {
  if (rows.length === 0) return [];
  const cells = [head.map((text) => ({ text, paint: style.dim })), ...rows.map((row) => row.map(toCell))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => length(row[column]))));
  return cells.map((row) => line(row, widths, width));
}

/** The same without the columns that nothing stands in. */
export function withoutEmpty(head: readonly string[], rows: readonly Row[]): [head: string[], rows: Row[]] {
  const isUsed = (_: unknown, column: number) => rows.some((row) => toCell(row[column] ?? '').text !== '');
  return [head.filter(isUsed), rows.map((row) => row.filter(isUsed))];
}

const toCell = (cell: string | Cell): Cell =>
  typeof cell === 'string' ? { text: clean(cell) } : { ...cell, text: clean(cell.text) };

const length = (cell: Cell | undefined): number => [...(cell?.text ?? '')].length;

function line(row: readonly Cell[], widths: readonly number[], width: number | undefined): string {
  let text = '';
  let used = 0;
  for (const [column, cell] of row.entries()) {
    const isLast = column === row.length - 1;
    const shown = isLast && width !== undefined ? clip(cell.text, Math.max(8, width - used)) : cell.text;
    const pad = isLast ? '' : ' '.repeat((widths[column] ?? 0) - length(cell) + 2);
    text += (cell.paint?.(shown) ?? shown) + pad;
    used += (widths[column] ?? 0) + 2;
  }
  return text.trimEnd();
}
