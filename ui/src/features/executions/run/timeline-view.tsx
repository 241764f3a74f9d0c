/**
 * When what happened: a row for each node with its attempts, waits and pauses, iterations below their container. Only
 * rows in sight are in the page.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { ChevronRight, Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { hasEnded } from '../../../../../src/core/execution/status.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { span } from '../../../components/spans.ts';
import { around, keyOf, nameOf } from './address.ts';
import { placeOn, ticksOf } from './axis.ts';
import { Bar, wordsOf } from './bar.tsx';
import { type Row, segmentAt, visibleRows } from './timeline-fold.ts';
import './timeline.css';
import { useMoment } from './use-moment.ts';
import { useIsNarrow } from './use-narrow.ts';
import { type Sight, useStretch } from './use-stretch.ts';
import { useTimeline } from './use-timeline.ts';
import { useRun } from './view.tsx';

const ROW_PX = 28;
/** Containers with more iterations are closed at first. */
const OPEN_UP_TO = 12;
/** Where the clock runs on while the execution does. */
const TICK_MS = 250;
/** A shorter time in the queue is none. */
const RESTED_MS = 100;
/** Marks on the axis at most, and up to which part of the width they have words. */
const WIDE_AXIS = { most: 8, lastAt: 0.92 };
const NARROW_AXIS = { most: 4, lastAt: 0.8 };
const NAME = 'w-28 shrink-0 md:w-64';

export default function TimelineView() {
  const { execution, store, at, node, choose } = useRun();
  const { fold, left, isReading, fault, more } = useTimeline(store);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const isRunning = !hasEnded(execution.status) && at === undefined;
  const { most, lastAt } = useIsNarrow() ? NARROW_AXIS : WIDE_AXIS;
  const moment = useMoment(store, at);
  const clock = useClock(isRunning);
  const now = at === undefined ? (isRunning ? Math.max(clock, fold.to) : fold.to) : (moment ?? fold.to);
  const whole = useMemo(() => ({ from: fold.from, to: Math.max(now, fold.from + 1) }), [fold.from, now]);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<HTMLDivElement>(null);
  const sight = useStretch(whole, box, chart);
  const above = useMemo(() => new Set(node === undefined ? [] : around(node)), [node]);
  const isOpen = (row: Row) => toggled.get(row.path) ?? (above.has(row.path) || row.children.length <= OPEN_UP_TO);
  const all = [...(hasRested(fold.whole) ? [fold.whole] : []), ...visibleRows(fold.roots, isOpen)];
  const rows = at === undefined ? all : all.filter(({ segments }) => (segments[0]?.seq ?? 0) <= at);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  if (fold.seq === 0) return fault ? <ProblemNote error={fault} /> : <Loading />;
  const toggle = (row: Row) => setToggled(new Map(toggled).set(row.path, !isOpen(row)));
  const press = (event: KeyboardEvent<HTMLElement>) => keys(event, sight);
  return (
    <div className="flex h-full min-h-0 flex-col" role="group" aria-label="Timeline" onKeyDown={press}>
      <div ref={box} className="min-h-0 flex-1 select-none overflow-auto" {...sight.drag}>
        <div className="sticky top-0 z-10 flex h-7 border-line border-b bg-ground text-faint text-xs">
          <div className={clsx(NAME, 'border-line border-r px-3 py-1')}>{span(now - fold.from)} in all</div>
          <div ref={chart} className="relative min-w-0 flex-1 cursor-zoom-in overflow-hidden">
            {ticksOf(sight.seen, fold.from, most).map(({ at: mark, label }) => {
              const place = placeOn(sight.seen, mark);
              return (
                <span
                  key={mark}
                  className="absolute top-1 whitespace-nowrap border-line border-l pl-1"
                  style={{ left: `${place * 100}%` }}
                >
                  {/* Beyond, it would be cut off. */}
                  {place < lastAt && label}
                </span>
              );
            })}
          </div>
        </div>
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          <Lines sight={sight} start={fold.from} most={most} now={isRunning || at !== undefined ? now : null} />
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index] as Row;
            return (
              <div
                key={row.path}
                className={clsx(
                  'absolute inset-x-0 flex h-7 items-stretch',
                  row.path === node ? 'bg-accent-soft' : 'hover:bg-hover/60',
                )}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Name row={row} isOpen={isOpen(row)} toggle={() => toggle(row)} choose={choose} />
                <div className="relative min-w-0 flex-1 overflow-hidden">
                  <Bars row={row} sight={sight} now={now} at={at} />
                </div>
              </div>
            );
          })}
        </div>
      </div>
      <footer className="flex flex-wrap items-center gap-1 border-line border-t px-3 py-1 text-faint text-xs">
        <IconButton label="Nearer" keys="+" onClick={() => sight.zoom(1)}>
          <ZoomIn size={14} />
        </IconButton>
        <IconButton label="Farther" keys="-" onClick={() => sight.zoom(-1)} disabled={sight.isWhole}>
          <ZoomOut size={14} />
        </IconButton>
        <IconButton label="All of it" keys="0" onClick={sight.fit} disabled={sight.isWhole}>
          <Maximize size={14} />
        </IconButton>
        <span className="ml-1 max-md:hidden">
          Drag over a stretch, or turn the wheel over the axis, to come nearer.
        </span>
        {left > 0 && !isReading && (
          <Button className="ml-auto h-7!" onClick={more}>
            {left.toLocaleString()} more events
          </Button>
        )}
        {left > 0 && isReading && <span className="ml-auto">{left.toLocaleString()} events to come…</span>}
      </footer>
    </div>
  );
}

/** It was in the queue for a time that can be seen, or paused. */
const hasRested = ({ segments }: Row): boolean =>
  segments.some(({ kind, from, to }) => kind === 'wait' || to === null || to - from > RESTED_MS);

function useClock(isOn: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isOn]);
  return now;
}

interface NameProps {
  readonly row: Row;
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly choose: (path: string) => void;
}

function Name({ row, isOpen, toggle, choose }: NameProps) {
  const { path, depth, isIteration, children } = row;
  const label = path === '' ? 'the execution' : isIteration ? keyOf(path).replace(/^(?=\d)/, '#') : nameOf(path);
  return (
    <div
      className={clsx(NAME, 'flex items-center border-line border-r pr-1')}
      style={{ paddingLeft: 4 + Math.min(depth, 8) * 12 }}
    >
      {children.length > 0 && path !== '' ? (
        <button
          type="button"
          aria-label={`${isOpen ? 'Close' : 'Open'} ${path}`}
          aria-expanded={isOpen}
          onClick={toggle}
          className="flex size-5 shrink-0 items-center justify-center rounded-sm text-faint hover:bg-hover hover:text-text"
        >
          <ChevronRight size={12} className={isOpen ? 'rotate-90' : ''} />
        </button>
      ) : (
        <span className="size-5 shrink-0" />
      )}
      <button
        type="button"
        data-row={path}
        title={path}
        disabled={path === ''}
        onClick={() => (isIteration ? toggle() : choose(path))}
        className={clsx('min-w-0 flex-1 truncate text-left hover:underline', isIteration && 'text-muted')}
      >
        {label}
        {path !== '' && !isIteration && row.isContainer && children.length > 0 && (
          <span className="ml-1.5 text-2xs text-faint">{children.length}</span>
        )}
      </button>
    </div>
  );
}

interface BarsProps {
  readonly row: Row;
  readonly sight: Sight;
  readonly now: number;
  readonly at: number | undefined;
}

function Bars({ row, sight: { seen }, now, at }: BarsProps) {
  const segments = at === undefined ? row.segments : row.segments.flatMap((one) => segmentAt(one, at) ?? []);
  const inSight = segments.filter(({ from, to }) => from <= seen.to && (to ?? now) >= seen.from);
  const last = segments.at(-1);
  const end = last === undefined ? 0 : placeOn(seen, last.to ?? now);
  const took = last === undefined ? 0 : (last.to ?? now) - (segments[0]?.from ?? 0);
  const begin = placeOn(seen, Math.max(seen.from, segments[0]?.from ?? 0));
  // Its time stands behind it, else before it, and where there is room on neither side, upon it.
  const spot = end < 0.85 ? 'behind' : begin > 0.15 ? 'before' : 'upon';
  // All of it is beyond an edge: it lies in that direction.
  const isBefore = last !== undefined && inSight.length === 0 && end < 0;
  const isAfter = last !== undefined && inSight.length === 0 && !isBefore;
  return (
    <>
      {isBefore && <span className="absolute top-1 left-1 text-faint">‹</span>}
      {isAfter && <span className="absolute top-1 right-1 text-faint">›</span>}
      {inSight.map((segment) => (
        <Bar key={segment.seq} segment={segment} seen={seen} now={now} />
      ))}
      {last !== undefined && took > 0 && end >= 0 && end <= 1 && (
        <span
          title={wordsOf(last, now)}
          className={clsx(
            'pointer-events-none absolute top-1.5 whitespace-nowrap px-1.5 text-2xs text-muted tabular-nums leading-4',
            spot === 'upon' && 'rounded-sm bg-ground',
          )}
          style={
            spot === 'behind'
              ? { left: `${end * 100}%` }
              : { right: spot === 'before' ? `${(1 - begin) * 100}%` : '0.5rem' }
          }
        >
          {span(took)}
        </span>
      )}
    </>
  );
}

interface LinesProps {
  readonly sight: Sight;
  readonly start: number;
  /** Marks at most. */
  readonly most: number;
  readonly now: number | null;
}

/** Marks of the axis down the rows, the moment that is now, and what is being marked by a drag. */
function Lines({ sight, start, most, now }: LinesProps) {
  const { seen, marked } = sight;
  const here = now === null ? -1 : placeOn(seen, now);
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 flex">
      <div className={NAME} />
      <div className="relative min-w-0 flex-1 overflow-hidden">
        {ticksOf(seen, start, most).map(({ at }) => (
          <span
            key={at}
            className="absolute inset-y-0 border-line border-l"
            style={{ left: `${placeOn(seen, at) * 100}%` }}
          />
        ))}
        {here >= 0 && here <= 1 && (
          <span
            className="absolute inset-y-0 border-accent border-l"
            style={{ left: `min(${here * 100}%, 100% - 1px)` }}
          />
        )}
        {marked && (
          <span
            className="absolute inset-y-0 z-10 border-accent border-x bg-accent/15"
            style={{ left: `${marked[0] * 100}%`, width: `${(marked[1] - marked[0]) * 100}%` }}
          />
        )}
      </div>
    </div>
  );
}

function keys(event: KeyboardEvent<HTMLElement>, sight: Sight): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const run = {
    '+': () => sight.zoom(1),
    '=': () => sight.zoom(1),
    '-': () => sight.zoom(-1),
    '0': sight.fit,
    ArrowLeft: () => sight.pan(-0.2),
    ArrowRight: () => sight.pan(0.2),
    ArrowDown: () => step(event.currentTarget, 1),
    ArrowUp: () => step(event.currentTarget, -1),
  }[event.key];
  if (run === undefined) return;
  event.preventDefault();
  run();
}

function step(box: HTMLElement, by: 1 | -1): void {
  const names = [...box.querySelectorAll<HTMLElement>('[data-row]:not(:disabled)')];
  const present = names.indexOf(document.activeElement as HTMLElement);
  names[present + by]?.focus();
}
