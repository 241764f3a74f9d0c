/** A slider over the history: everything on the page is shown as it was after the event chosen. */
import { ChevronLeft, ChevronRight, History } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../../../components/button.tsx';
import { span } from '../../../components/spans.ts';
import { exact } from '../../../components/time.tsx';
import { TONES } from '../../../components/tone.ts';
import { eventName, eventNote, eventTone, pathOf } from './event-words.ts';
import { useEvents } from './live-run.ts';
import { useRun } from './view.tsx';

/** A drag passes many events; those it rests on are read. */
const REST_MS = 60;

export function TimeTravel() {
  const { store, at, goTo, execution } = useRun();
  useEvents(store);
  const [moved, setMoved] = useState<number>();
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const slider = useRef<HTMLInputElement>(null);
  const { last, isFound } = store;
  const present = moved ?? at ?? last;
  useEffect(() => store.want(present), [store, present]);
  useEffect(() => () => clearTimeout(rest.current), []);
  // Of how many they are is not known before.
  if (last === 0 || !isFound) return null;
  const move = (seq: number) => {
    const next = Math.min(Math.max(1, seq), last);
    setMoved(next);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      setMoved(undefined);
      goTo(next === last ? undefined : next);
    }, REST_MS);
  };
  /** A button that cannot go on, or goes away, gives the focus to the slider. */
  const step = (seq: number) => {
    move(seq);
    if (seq <= 1 || seq >= last) slider.current?.focus();
  };
  const event = store.at(present);
  const path = event === undefined ? null : pathOf(event);
  const words = event === undefined ? `event ${present}` : [eventName(event.type), path].filter(Boolean).join(' ');
  const began = Date.parse(execution.createdAt);
  const isPast = at !== undefined || moved !== undefined;
  return (
    <section
      aria-label="Time travel"
      className={`flex flex-wrap items-center gap-x-2 gap-y-0.5 border-line border-t px-3 py-1 md:px-4 ${isPast ? 'bg-accent-soft' : ''}`}
    >
      <History size={14} className={isPast ? 'text-accent' : 'text-faint'} />
      <IconButton label="One event back" onClick={() => step(present - 1)} disabled={present <= 1}>
        <ChevronLeft size={14} />
      </IconButton>
      <input
        ref={slider}
        type="range"
        min={1}
        max={last}
        value={present}
        aria-label="Event to look back to"
        aria-valuetext={`${present} of ${last}: ${words}`}
        onChange={(change) => move(Number(change.target.value))}
        className="h-1 min-w-24 flex-1 accent-accent"
      />
      <IconButton label="One event on" onClick={() => step(present + 1)} disabled={present >= last}>
        <ChevronRight size={14} />
      </IconButton>
      <span className="flex min-w-0 items-center gap-1.5 text-xs max-md:basis-full md:w-[26rem]">
        <span className="shrink-0 text-faint tabular-nums">
          {present}/{last}
        </span>
        {event && (
          <>
            <span className={`size-2 shrink-0 rounded-full ${TONES[eventTone(event.type)].dot}`} />
            <span className="truncate" title={eventNote(event)}>
              {words}
            </span>
            <time dateTime={event.at} title={exact(event.at)} className="ml-auto shrink-0 text-faint tabular-nums">
              {new Date(event.at).toLocaleTimeString()} · +{span(Date.parse(event.at) - began)}
            </time>
          </>
        )}
      </span>
      {isPast && (
        <Button
          className="h-7!"
          onClick={() => {
            goTo(undefined);
            slider.current?.focus();
          }}
        >
          Back to now
        </Button>
      )}
    </section>
  );
}
