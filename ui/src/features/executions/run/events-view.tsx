/** The history, event by event: each opens to its JSON; only what is in sight is read and in the page. */
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { ArrowDownToLine, ArrowUpToLine, ChevronRight, FileDown, History, SquareDot } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { EventAnswer } from '../../../../../src/contract/executions.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { LARGE, sizeOf } from '../../../components/bytes.ts';
import { Empty } from '../../../components/empty.tsx';
import { Input, Select } from '../../../components/field.tsx';
import { JsonView } from '../../../components/json-view.tsx';
import { Loading } from '../../../components/loading.tsx';
import { Menu } from '../../../components/menu.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { span } from '../../../components/spans.ts';
import { exact } from '../../../components/time.tsx';
import { toast } from '../../../components/toast.tsx';
import { TONES } from '../../../components/tone.ts';
import { downloadHistory, downloadLog } from './download.ts';
import { useEventSearch } from './event-search.ts';
import { EVENT_TYPES, eventName, eventNote, eventTone, pathOf } from './event-words.ts';
import { useEvents } from './live-run.ts';
import { useWholeEvent } from './reading.ts';
import { useIsNarrow } from './use-narrow.ts';
import { useRun } from './view.tsx';

const ROW_PX = 32;
/** On a telephone what it is about stands in a line below. */
const NARROW_ROW_PX = 49;

export default function EventsView() {
  const { store, execution, at } = useRun();
  useEvents(store);
  const [text, setText] = useState('');
  const [type, setType] = useState('');
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const found = useEventSearch(store, { text: text.trim(), type });
  const count = found === null ? store.last : found.events.length;
  const box = useRef<HTMLDivElement>(null);
  const isNarrow = useIsNarrow();
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => (isNarrow ? NARROW_ROW_PX : ROW_PX),
    getItemKey: (index) => found?.events[index]?.seq ?? index + 1,
    overscan: 10,
  });
  const shown = virtual.getVirtualItems();
  const [first, last] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0];
  const isAll = found === null;
  useEffect(() => {
    if (!isAll) return;
    store.want(first + 1);
    store.want(last + 1);
  }, [store, isAll, first, last]);
  useEffect(() => {
    if (at !== undefined && isAll) virtual.scrollToIndex(at - 1, { align: 'auto' });
  }, [at, isAll, virtual]);
  const toggle = (seq: number) =>
    setOpen((before) => new Set(before.has(seq) ? [...before].filter((one) => one !== seq) : [...before, seq]));
  const began = Date.parse(execution.startedAt ?? execution.createdAt);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-1.5">
        <Input
          data-search
          type="search"
          aria-label="Text in the events"
          placeholder="Text in the events"
          className="w-full! md:w-56!"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Select
          aria-label="Type of event"
          className="w-40! md:w-44!"
          value={type}
          onChange={(event) => setType(event.target.value)}
          options={[
            { value: '', label: 'Any type' },
            ...EVENT_TYPES.map((one) => ({ value: one, label: eventName(one) })),
          ]}
        />
        <span className="text-faint text-xs tabular-nums" role="status">
          {found === null
            ? `${store.last.toLocaleString()}${store.isFound ? '' : ' or more'} events`
            : `${found.isFull ? 'the first ' : ''}${count.toLocaleString()} of ${found.searched.toLocaleString()} looked through`}
        </span>
        <span className="ml-auto flex">
          <IconButton label="To the first" onClick={() => virtual.scrollToIndex(0)}>
            <ArrowUpToLine size={14} />
          </IconButton>
          <IconButton label="To the last" onClick={() => virtual.scrollToIndex(count - 1)}>
            <ArrowDownToLine size={14} />
          </IconButton>
          <Menu
            items={[
              { label: 'Log, a line for each event', run: () => told(downloadLog(execution.id)) },
              { label: 'History with all values, as JSON lines', run: () => told(downloadHistory(execution.id)) },
            ]}
          >
            <IconButton label="Download">
              <FileDown size={14} />
            </IconButton>
          </Menu>
        </span>
      </div>
      {(store.fault ?? found?.fault) && (
        <div className="p-3">
          <ProblemNote
            error={(store.fault ?? found?.fault) as Error}
            retry={() => (store.fault === null ? found?.again() : store.again())}
          />
        </div>
      )}
      {store.last === 0 && store.fault === null && <Loading />}
      {found !== null && count === 0 && found.searched >= store.last && (
        <Empty title="No event fits" action={<Button onClick={() => clear(setText, setType)}>Show all</Button>} />
      )}
      <div ref={box} className="min-h-0 flex-1 overflow-auto" role="list" aria-label="Events" onKeyDown={move}>
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start, key }) => {
            const seq = Number(key);
            const event = found === null ? store.at(seq) : found.events[index];
            return (
              <div
                key={key}
                role="listitem"
                ref={virtual.measureElement}
                data-index={index}
                className={clsx('absolute inset-x-0 border-line border-b', seq === at && 'bg-accent-soft')}
                style={{ transform: `translateY(${start}px)` }}
              >
                {event === undefined ? (
                  <div className="flex h-12 items-center gap-3 px-4 text-faint text-xs tabular-nums md:h-[31px]">
                    {seq} …
                  </div>
                ) : (
                  <Line event={event} began={began} isOpen={open.has(seq)} toggle={() => toggle(seq)} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface LineProps {
  readonly event: EventAnswer;
  readonly began: number;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

function Line({ event, began, isOpen, toggle }: LineProps) {
  const { choose, goTo } = useRun();
  const { seq, type, at } = event;
  const path = pathOf(event);
  const note = eventNote(event);
  return (
    <>
      <button
        type="button"
        data-line
        aria-expanded={isOpen}
        onClick={toggle}
        className="flex h-12 w-full items-center gap-3 px-4 text-left hover:bg-hover md:h-[31px]"
      >
        <ChevronRight size={11} className={clsx('shrink-0 text-faint', isOpen && 'rotate-90')} />
        <span className="w-10 shrink-0 text-right text-faint text-xs tabular-nums max-md:hidden">{seq}</span>
        <time
          dateTime={at}
          title={exact(at)}
          className="w-16 shrink-0 text-right text-faint text-xs tabular-nums md:w-20"
        >
          {offset(Date.parse(at) - began)}
        </time>
        <span className="min-w-0 flex-1 md:flex md:items-center md:gap-3">
          <span className="flex shrink-0 items-center gap-1.5 md:w-48">
            <span className={clsx('size-2 shrink-0 rounded-full', TONES[eventTone(type)].dot)} />
            <span className="truncate">{eventName(type)}</span>
          </span>
          <span className="flex min-w-0 gap-3 text-xs max-md:pl-3.5 md:flex-1">
            {path !== null && (
              <span className="max-w-64 shrink-0 truncate font-mono" title={path}>
                {path}
              </span>
            )}
            <span className="min-w-0 flex-1 truncate text-muted" title={note}>
              {note}
            </span>
          </span>
        </span>
      </button>
      {isOpen && (
        <div className="space-y-2 px-4 pt-1 pb-3 md:pl-12">
          <div className="flex flex-wrap gap-2">
            <Button className="h-7!" icon={<History size={13} />} onClick={() => goTo(seq)}>
              Show this moment
            </Button>
            {path !== null && (
              <Button className="h-7!" icon={<SquareDot size={13} />} onClick={() => choose(path)}>
                Show the node
              </Button>
            )}
            <span className="self-center text-faint text-xs">{exact(at)}</span>
          </div>
          <EventData event={event} />
        </div>
      )}
    </>
  );
}

/** What was left out of the history is read now, or, where it is large, when somebody asks for it. */
function EventData({ event }: { readonly event: EventAnswer }) {
  const { execution } = useRun();
  const { seq, data, omitted = [] } = event;
  const size = omitted.reduce((sum, { bytes }) => sum + bytes, 0);
  const [isAsked, setAsked] = useState(false);
  const whole = useWholeEvent(execution.id, seq, size > 0 && (size <= LARGE || isAsked));
  return (
    <>
      <JsonView value={whole.data?.data ?? data} />
      {size > LARGE && !isAsked && (
        <Button className="h-7!" onClick={() => setAsked(true)}>
          Load {omitted.map(({ field }) => field).join(', ')}, {sizeOf(size)}
        </Button>
      )}
      {whole.error && !whole.data && <ProblemNote error={whole.error} retry={() => void whole.refetch()} />}
    </>
  );
}

/** What goes wrong is said. */
const told = (work: Promise<void>): void =>
  void work.catch((error: Error) => toast({ tone: 'bad', title: error.message }));

const offset = (ms: number): string => (ms < 0 ? `−${span(-ms)}` : `+${span(ms)}`);

function clear(...setters: ((text: string) => void)[]): void {
  for (const set of setters) set('');
}

function move(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const present = document.activeElement;
  if (by === undefined || !(present instanceof HTMLElement) || !present.hasAttribute('data-line')) return;
  event.preventDefault();
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-line]')];
  const order = lines.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  order[order.indexOf(present) + by]?.focus();
}
