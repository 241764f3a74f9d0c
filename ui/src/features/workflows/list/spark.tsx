/** 24 hours as 24 small bars: what completed, and what failed in red below it. */
import { sparkWords } from './spark-words.ts';

interface SparkProps {
  readonly hours: readonly { readonly completed: number; readonly failed: number }[];
}

const [WIDTH, HEIGHT, STEP] = [72, 20, 3];

export function Spark({ hours }: SparkProps) {
  const most = Math.max(1, ...hours.map(({ completed, failed }) => completed + failed));
  const tall = (count: number): number => (count === 0 ? 0 : Math.max(1.5, (count / most) * (HEIGHT - 1)));
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={sparkWords(hours)} className="shrink-0">
      <title>{sparkWords(hours)}</title>
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line" />
      {hours.map(({ completed, failed }, index) => {
        const [ok, bad] = [tall(completed), tall(failed)];
        const x = index * STEP;
        return (
          <g key={x}>
            <rect x={x} y={HEIGHT - bad} width={STEP - 1} height={bad} className="fill-bad" />
            <rect x={x} y={HEIGHT - bad - ok} width={STEP - 1} height={ok} className="fill-ok" />
          </g>
        );
      })}
    </svg>
  );
}
