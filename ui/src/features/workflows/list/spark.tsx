/** 24 hours as 24 small bars: what completed, and below it what was undone or canceled, and in red what failed. */
import type { WorkflowStats } from '../../../../../src/contract/stats.ts';
import { endedOf, sparkWords } from './spark-words.ts';

interface SparkProps {
  readonly hours: WorkflowStats['spark'];
}

const [WIDTH, HEIGHT, STEP] = [72, 20, 3];

/** From below. */
const PARTS = [
  ['failed', 'fill-bad'],
  ['compensated', 'fill-warn'],
  ['canceled', 'fill-faint'],
  ['completed', 'fill-ok'],
] as const;

export function Spark({ hours }: SparkProps) {
  const most = Math.max(1, ...hours.map(endedOf));
  const tall = (count: number): number => (count === 0 ? 0 : Math.max(1.5, (count / most) * (HEIGHT - 1)));
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={sparkWords(hours)} className="shrink-0">
      <title>{sparkWords(hours)}</title>
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line" />
      {hours.map((hour, index) => {
        const x = index * STEP;
        let y = HEIGHT;
        return (
          <g key={x}>
            {PARTS.filter(([end]) => hour[end] > 0).map(([end, color]) => {
              const height = tall(hour[end]);
              y -= height;
              return <rect key={end} x={x} y={y} width={STEP - 1} height={height} className={color} />;
            })}
          </g>
        );
      })}
    </svg>
  );
}
