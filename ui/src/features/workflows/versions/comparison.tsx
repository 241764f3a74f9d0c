/** Two versions side by side: as one drawing with what changed in words, or as lines of YAML. */
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useApi } from '../../../api/query.ts';
import { Empty } from '../../../components/empty.tsx';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import type { Definition } from '../../../graph/document.ts';
import YamlDiff from '../yaml-diff/yaml-diff.tsx';
import { ChangeList } from './change-list.tsx';
import { diffDefinitions } from './definition-diff.ts';
import { GraphDiff } from './graph-diff.tsx';
import { placeOf } from './places.ts';

interface ComparisonProps {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly view: 'graph' | 'yaml';
}

/** What was saved never changes. */
const FOREVER = { staleTime: Number.POSITIVE_INFINITY, keep: true };

export default function Comparison({ id, from, to, view }: ComparisonProps) {
  const before = useApi('getVersion', { params: { id, version: from } }, FOREVER);
  const after = useApi('getVersion', { params: { id, version: to } }, FOREVER);
  const error = before.error ?? after.error;
  if (error) {
    return (
      <div className="p-6">
        <ProblemNote error={error} retry={() => void Promise.all([before.refetch(), after.refetch()])} />
      </div>
    );
  }
  if (before.data === undefined || after.data === undefined) return <Loading />;
  const documents = { before: before.data.definition, after: after.data.definition };
  return <Documents {...documents} names={[from, to]} view={view} />;
}

interface DocumentsProps {
  readonly before: Definition;
  readonly after: Definition;
  readonly names: readonly [number, number];
  readonly view: 'graph' | 'yaml';
}

function Documents({ before, after, names, view }: DocumentsProps) {
  const changes = useMemo(() => diffDefinitions(before, after), [before, after]);
  const [place, setPlace] = useState<string>();
  const [from, to] = names;
  if (changes.length === 0) {
    return (
      <Empty
        title={from === to ? 'This is one version' : `Versions ${from} and ${to} say the same`}
        action={
          <Link to="." search={{}} className="text-accent hover:underline">
            The newest two
          </Link>
        }
      >
        Choose another one at the left to see what changed.
      </Empty>
    );
  }
  if (view === 'yaml') {
    return (
      <div className="p-4 md:p-6">
        <YamlDiff before={before} after={after} names={[`version ${from}`, `version ${to}`]} />
      </div>
    );
  }
  return (
    <div className="flex h-full min-h-120 flex-col lg:min-h-0 lg:flex-row">
      <section aria-label="Both versions drawn as one" className="min-h-72 min-w-0 flex-1">
        <GraphDiff before={before} after={after} changes={changes} place={place} />
      </section>
      <ChangeList changes={changes} choose={(change) => setPlace(placeOf(change))} />
    </div>
  );
}
