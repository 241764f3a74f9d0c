/** Files that are dragged over a part of the page, and dropped there. */
import { type RefObject, useEffect, useRef, useState } from 'react';

/** True while files are over it. */
export function useDrop(area: RefObject<HTMLElement | null>, drop: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const dropped = useRef(drop);
  dropped.current = drop;
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    /** Going into what is inside comes before leaving what is around it. */
    let depth = 0;
    const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth -= 1;
      setOver(depth > 0);
    };
    // Without it the browser would open the file in the place of the page.
    const over = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const land = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      dropped.current([...(event.dataTransfer?.files ?? [])]);
    };
    element.addEventListener('dragenter', enter);
    element.addEventListener('dragleave', leave);
    element.addEventListener('dragover', over);
    element.addEventListener('drop', land);
    return () => {
      element.removeEventListener('dragenter', enter);
      element.removeEventListener('dragleave', leave);
      element.removeEventListener('dragover', over);
      element.removeEventListener('drop', land);
    };
  }, [area]);
  return isOver;
}
