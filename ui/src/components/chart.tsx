/** Figures over time, drawn by uPlot in the colors of the theme; a table says the same to whoever cannot see it. Loaded by `lazy`. */
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useThemeNow } from './theme.ts';
import { TONES, type Tone } from './tone.ts';

interface Series {
  readonly name: string;
  readonly tone: Tone;
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly label: string;
  /** Begin of each step, in milliseconds. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** `bars` stand one on the other; lines do not. */
  readonly kind: 'bars' | 'lines';
  readonly format: (value: number) => string;
  /** Of a step. */
  readonly timeOf: (at: number) => string;
  readonly height?: number;
}

const VARIABLES: Readonly<Record<Tone, string>> = {
  neutral: '--faint',
  ok: '--ok',
  warn: '--warn',
  bad: '--bad',
  info: '--info',
  accent: '--accent',
};
const color = (variable: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(variable).trim();

/** Each with those after it below: the first stands on top, and is drawn first. */
function stacked(series: readonly Series[]): (number | null)[][] {
  return series.map(({ values }, from) =>
    values.map((_, at) => series.slice(from).reduce((sum, one) => sum + (one.values[at] ?? 0), 0)),
  );
}

/** Seconds from one column to the next. */
const stepOf = ([first = 0, second = first]: ArrayLike<number> & Iterable<number>): number => second - first;

export default function Chart({ label, times, series, kind, format, timeOf, height = 150 }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [at, setAt] = useState<number>();
  // The colors are read again when it changes.
  const theme = useThemeNow();
  const data = useMemo(() => {
    const columns = kind === 'bars' ? stacked(series) : series.map(({ values }) => [...values]);
    return [times.map((time) => time / 1_000), ...columns] as uPlot.AlignedData;
  }, [times, series, kind]);
  const shown = useRef({ format, data });
  shown.current = { format, data };
  const shape = series.map(({ name, tone }) => `${name}:${tone}`).join();
  useEffect(() => {
    const parent = box.current as HTMLDivElement;
    const axis = { stroke: color('--faint'), font: '11px Inter, system-ui, sans-serif', ticks: { show: false } };
    const grid = { stroke: color('--line'), width: 1 };
    const paths = uPlot.paths.bars?.({ size: [0.7, 40], align: 1 });
    const made = new uPlot(
      {
        width: Math.max(100, parent.clientWidth),
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
        // A bar stands over the whole of its step, the last one too.
        scales: {
          x: { range: (_, from, to) => [from, to + (kind === 'bars' ? stepOf(shown.current.data[0]) : 0)] },
          y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] },
        },
        axes: [
          { ...axis, grid: { show: false }, space: 70, size: 40 },
          {
            ...axis,
            grid,
            size: 56,
            space: 30,
            values: (_, ticks) => ticks.map((tick) => shown.current.format(tick)),
          },
        ],
        series: [
          {},
          ...series.map(({ tone }): uPlot.Series => {
            const stroke = color(VARIABLES[tone]);
            return kind === 'bars'
              ? { fill: stroke, stroke, width: 0, points: { show: false }, ...(paths && { paths }) }
              : { stroke, width: 1.75, spanGaps: true, points: { show: true, size: 6, fill: stroke } };
          }),
        ],
        hooks: { setCursor: [({ cursor: { idx } }) => setAt(idx ?? undefined)] },
      },
      shown.current.data,
      parent,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: Math.max(100, parent.clientWidth), height }));
    watcher.observe(parent);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, [shape, kind, height, theme]);
  useEffect(() => plot.current?.setData(data), [data]);
  return (
    <figure className="m-0">
      <figcaption className="mb-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        <span className="sr-only">{label}</span>
        {series.map(({ name, tone, values }) => {
          const value = at === undefined ? undefined : values[at];
          return (
            <span key={name} className="inline-flex items-center gap-1.5 text-muted">
              <span className={`size-2 rounded-sm ${TONES[tone].dot}`} /> {name}
              {typeof value === 'number' && <b className="font-medium text-text tabular-nums">{format(value)}</b>}
            </span>
          );
        })}
        <span className="ml-auto text-faint tabular-nums">
          {at !== undefined && times[at] !== undefined ? timeOf(times[at]) : '\u00a0'}
        </span>
      </figcaption>
      <div ref={box} aria-hidden className="overflow-hidden" style={{ height }} />
      <FiguresTable label={label} times={times} series={series} format={format} timeOf={timeOf} />
    </figure>
  );
}

/** Steps without anything are left out. */
function FiguresTable({ label, times, series, format, timeOf }: Omit<ChartProps, 'kind' | 'height'>) {
  const steps = times.map((_, at) => at).filter((at) => series.some(({ values }) => (values[at] ?? 0) !== 0));
  return (
    <div className="sr-only">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((at) => (
            <tr key={at}>
              <th scope="row">{timeOf(times[at] ?? 0)}</th>
              {series.map(({ name, values }) => (
                <td key={name}>{typeof values[at] === 'number' ? format(values[at]) : 'none'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
