/** JSON that is read, as high as it is long. */
import { lazy, Suspense } from 'react';
import { Loading } from '../../../components/loading.tsx';

const CodeEditor = lazy(() => import('../../../components/code-editor.tsx'));

const LINE_PX = 18;
const LOWEST_PX = 60;
const HIGHEST_PX = 480;

interface ShownJsonProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: unknown;
}

export function ShownJson({ label, hint, value }: ShownJsonProps) {
  const text = JSON.stringify(value, null, 2);
  const height = Math.min(HIGHEST_PX, Math.max(LOWEST_PX, (text.split('\n').length + 1) * LINE_PX));
  return (
    <section className="flex flex-col gap-1">
      <h3 className="font-medium text-muted text-xs">{label}</h3>
      {hint && <p className="text-faint text-xs">{hint}</p>}
      <div className="shrink-0 overflow-hidden rounded-md border border-line bg-ground" style={{ height }}>
        <Suspense fallback={<Loading />}>
          <CodeEditor label={label} language="json" readOnly value={text} />
        </Suspense>
      </div>
    </section>
  );
}
