/** The conversation as a list: it opens at its end, or at the event that the address names; what is older is read upwards. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { type Key, useEffect, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { Button } from '../../components/button.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import type { EventPages } from './event-pages.ts';
import { keyOf, linesOf, placeOf } from './lines.ts';
import { LiveText } from './live-text.tsx';
import { PAGE, pageOf } from './page-of.ts';
import { TurnView } from './turn.tsx';

const LINE_PX = 72;
const GAP_PX = PAGE * 40;
/** Who is so near to the end follows it. */
const NEAR_PX = 80;
/** Who goes far passes many gaps; those where they rest are read. */
const REST_MS = 100;

interface Held {
  /** Who reads the end follows what comes. */
  readonly isAtEnd: boolean;
  /** Of a line, and how far it is below the top of what is seen. */
  readonly key?: Key;
  readonly below?: number;
}

interface ConversationProps {
  readonly pages: EventPages;
  readonly chosen: number | undefined;
  readonly choose: (seq: number | undefined) => void;
  /** The execution that speaks. */
  readonly speaker: string | undefined;
}

export function ConversationView(props: ConversationProps) {
  const { pages, chosen } = props;
  useSyncExternalStore(
    (changed) => pages.listen(changed),
    () => pages.version,
  );
  const { last } = pages;
  useEffect(() => {
    // A call that ends here may have begun on the page before.
    if (chosen !== undefined) pages.want(pageOf(chosen), pageOf(chosen) - 1);
  }, [pages, chosen, last]);
  const areThere = (seq: number) =>
    [pageOf(seq), pageOf(seq) - 1].every((page) => page < 0 || pages.page(page) !== undefined);
  const isReady = last > 0 && areThere(last) && (chosen === undefined || chosen > last || areThere(chosen));
  if (pages.fault !== null && !isReady)
    return (
      <div className="p-6">
        <ProblemNote error={pages.fault} retry={() => pages.again()} />
      </div>
    );
  // It is opened once, at its place: what has been drawn stays while more is read.
  return <Opened {...props} isReady={isReady} />;
}

function Opened({ isReady, ...props }: ConversationProps & { readonly isReady: boolean }) {
  const wasReady = useRef(false);
  wasReady.current ||= isReady;
  return wasReady.current ? <Lines {...props} /> : <Loading />;
}

function Lines({ pages, chosen, choose, speaker }: ConversationProps) {
  const { version } = pages;
  const lines = useMemo(() => linesOf(pages), [pages, version]);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    // What is said just now is the last one.
    count: lines.length + 1,
    getScrollElement: () => box.current,
    estimateSize: (index) => (lines[index] === undefined ? 0 : lines[index].kind === 'gap' ? GAP_PX : LINE_PX),
    getItemKey: (index) => (lines[index] === undefined ? 'live' : keyOf(lines[index])),
    overscan: 8,
    anchorTo: 'end',
    scrollEndThreshold: NEAR_PX,
  });
  const shown = virtual.getVirtualItems();
  const gaps = shown.flatMap(({ index }) => {
    const line = lines[index];
    return line?.kind === 'gap' ? [line.page] : [];
  });
  const wanted = gaps.join(' ');
  useEffect(() => {
    const rest = setTimeout(() => pages.want(...gaps), REST_MS);
    return () => clearTimeout(rest);
  }, [pages, wanted]);

  const held = useRef<Held>({ isAtEnd: chosen === undefined });
  /** What is to stay where it is when more comes. */
  const hold = () => {
    if (box.current === null) return;
    // The list itself hears of it a moment later.
    const { scrollTop: offset, scrollHeight, clientHeight } = box.current;
    const top = virtual.getVirtualItemForOffset(offset);
    const isInGap = top !== undefined && lines[top.index]?.kind === 'gap';
    const after = isInGap ? virtual.measurementsCache[top.index + 1] : undefined;
    const next = after && after.start < offset + clientHeight ? after : undefined;
    const isAtEnd = scrollHeight - offset - clientHeight <= NEAR_PX;
    held.current = { isAtEnd, ...(next && { key: next.key, below: next.start - offset }) };
  };
  useLayoutEffect(() => {
    const { isAtEnd, key, below = 0 } = held.current;
    if (isAtEnd) return virtual.scrollToIndex(lines.length, { align: 'end' });
    // A gap that turns come in the place of holds nothing; what comes after it does.
    const index = key === undefined ? -1 : lines.findIndex((line) => keyOf(line) === key);
    const start = virtual.measurementsCache[index]?.start;
    if (start !== undefined) virtual.scrollToOffset(start - below);
  }, [lines, virtual]);

  useEffect(() => {
    // What one writes in comes below, and grows with what is written.
    const watch = new ResizeObserver(() => {
      if (held.current.isAtEnd && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
    });
    if (box.current !== null) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);

  const place = chosen === undefined ? -1 : placeOf(lines, chosen);
  const isFound = place >= 0 && lines[place]?.kind !== 'gap';
  /** The event that was scrolled to; undefined: the end. */
  const went = useRef<number | undefined | null>(null);
  useLayoutEffect(() => {
    if (went.current === chosen) return;
    // Who goes back to now stays where they read.
    if (chosen !== undefined && place >= 0)
      virtual.scrollToIndex(place, { align: went.current === null || !isFound ? 'center' : 'auto' });
    // At a gap it only comes into sight, and is read: then it is gone to.
    if (chosen === undefined || isFound) went.current = chosen;
  }, [chosen, place, isFound, virtual]);

  const isFarUp = virtual.range !== null && virtual.range.endIndex < lines.length - 3;
  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
        tabIndex={0}
        aria-label="What was said"
        onScroll={hold}
        onKeyDown={(event) => {
          // A browser's own way there passes what is not read yet, and is held up by it.
          if (event.key !== 'Home' && event.key !== 'End') return;
          event.preventDefault();
          virtual.scrollToIndex(event.key === 'Home' ? 0 : lines.length, {
            align: event.key === 'Home' ? 'start' : 'end',
          });
        }}
        className="h-full overflow-auto px-2 md:px-4 [overflow-anchor:none]"
      >
        <ol aria-label="Conversation" className="relative mx-auto max-w-3xl" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start, key }) => {
            const line = lines[index];
            return (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="absolute inset-x-0 pb-1"
                style={{ transform: `translateY(${start}px)`, ...(line?.kind === 'gap' && { height: GAP_PX }) }}
              >
                {line === undefined ? (
                  speaker && <LiveText executionId={speaker} />
                ) : line.kind === 'gap' ? (
                  <p className="sticky top-2 px-3 text-faint text-xs">
                    Events {line.page * PAGE + 1} to {Math.min((line.page + 1) * PAGE, pages.last)} …
                  </p>
                ) : (
                  <TurnView turn={line} isChosen={index === place} choose={() => choose(line.seq)} />
                )}
              </li>
            );
          })}
        </ol>
      </section>
      {pages.fault !== null && (
        <div className="absolute inset-x-4 top-2">
          <ProblemNote error={pages.fault} retry={() => pages.again()} />
        </div>
      )}
      {isFarUp && (
        <Button
          className="absolute right-6 bottom-3 shadow-md"
          icon={<ArrowDown size={14} />}
          onClick={() => virtual.scrollToIndex(lines.length, { align: 'end' })}
        >
          To the newest
        </Button>
      )}
    </div>
  );
}
