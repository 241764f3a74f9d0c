/** What the person should see: plain fields as words, what is nested as a tree. */
import { isObject } from '../../../../src/core/json.ts';
import { JsonView } from '../json-view.tsx';

/** More fields than this are read as a tree. */
const MOST = 20;

export function ShownData({ data }: { readonly data: unknown }) {
  if (data === null || data === undefined) return null;
  if (typeof data === 'string') return <p className="whitespace-pre-wrap break-words">{data}</p>;
  if (!isObject(data) || Object.keys(data).length > MOST) return <JsonView value={data} />;
  return (
    <dl className="grid grid-cols-[minmax(5.5rem,auto)_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      {Object.entries(data).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="max-w-40 truncate text-muted" title={name}>
            {name}
          </dt>
          <dd className="min-w-0 break-words">
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined || value === '') return <span className="text-faint">nothing</span>;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return <span className="whitespace-pre-wrap">{value}</span>;
  if (typeof value === 'number') return <span className="tabular-nums">{value}</span>;
  const parts = Object.values(value);
  if (parts.length === 0) return <span className="text-faint">none</span>;
  if (Array.isArray(value) && parts.every((one) => typeof one !== 'object')) return parts.map(String).join(', ');
  return <JsonView value={value} depth={parts.length > 5 ? 0 : 1} />;
}
