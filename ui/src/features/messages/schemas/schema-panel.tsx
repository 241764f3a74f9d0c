/** The schema of one type: its versions, what each says, and the way to the next one. */
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { EventSchemaAnswer } from '../../../../../src/contract/event-schemas.ts';
import { useAction, useApi } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { Confirm } from '../../../components/dialog.tsx';
import { Facts } from '../../../components/facts.tsx';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { Ago } from '../../../components/time.tsx';
import { SidePanel } from '../side-panel.tsx';
import { POLICY_WORDS } from './policies.ts';
import { ShownJson } from './shown-json.tsx';

const SchemaDialog = lazy(() => import('./schema-dialog.tsx'));

interface SchemaPanelProps {
  readonly type: string;
  /** As it stands in the address; without one it is the newest. */
  readonly version: string | undefined;
  /** '' is the newest. */
  readonly show: (version: string) => void;
  readonly close: () => void;
}

export function SchemaPanel({ type, version, show, close }: SchemaPanelProps) {
  const [isWriting, setWriting] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const newest = useApi('getEventSchema', { params: { type } });
  const isOlder = newest.data !== undefined && version !== undefined && version !== String(newest.data.version);
  const older = useApi('getEventSchemaVersion', { params: { type, version } }, { enabled: isOlder, keep: true });
  const remove = useAction('deleteEventSchema', { done: close, failed: setProblem });
  const query = isOlder ? older : newest;
  const actions = newest.data && (
    <>
      <Button operation="putEventSchema" icon={<Plus size={14} />} onClick={() => setWriting(true)}>
        New version
      </Button>
      <Confirm
        title={`Delete the schema of ${type}?`}
        description="With all its versions. Messages of this type are then taken whatever their data is."
        confirm="Delete it"
        run={() => remove.mutate({ params: { type } })}
      >
        {(ask) => (
          <Button operation="deleteEventSchema" kind="danger" busy={remove.isPending} onClick={ask}>
            Delete
          </Button>
        )}
      </Confirm>
    </>
  );
  return (
    <SidePanel label={`Schema of ${type}`} title={type} close={close} actions={actions} wide>
      {problem && <ProblemNote error={problem} />}
      {query.error && <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {newest.data && <Versions schema={newest.data} shown={version ?? String(newest.data.version)} show={show} />}
      {query.isPending && !query.error && <Loading />}
      {query.data && !query.error && <Version schema={query.data} />}
      <Suspense>
        {isWriting && newest.data && (
          <SchemaDialog newest={newest.data} saved={() => show('')} onClose={() => setWriting(false)} />
        )}
      </Suspense>
    </SidePanel>
  );
}

interface VersionsProps {
  readonly schema: EventSchemaAnswer;
  readonly shown: string;
  readonly show: (version: string) => void;
}

const Versions = ({ schema, shown, show }: VersionsProps) => (
  <section aria-label="Versions">
    <ul className="-mx-2 flex max-h-40 flex-col overflow-auto">
      {schema.versions.map(({ version, policy, createdAt }) => (
        <li key={version}>
          <button
            type="button"
            aria-pressed={shown === String(version)}
            onClick={() => show(version === schema.version ? '' : String(version))}
            className="flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-left hover:bg-hover aria-pressed:bg-hover aria-pressed:font-medium"
          >
            <span className="w-16 tabular-nums">Version {version}</span>
            <span className="text-muted text-xs">{policy}</span>
            <span className="ml-auto text-muted text-xs">
              <Ago at={createdAt} past />
            </span>
          </button>
        </li>
      ))}
    </ul>
  </section>
);

function Version({ schema: { version, schema, upcast, policy, dataschema, versions } }: Pick<VersionsProps, 'schema'>) {
  const isNewest = version === versions[0]?.version;
  return (
    <>
      <Facts
        facts={[
          ['What does not fit', `${policy}: ${POLICY_WORDS[policy]}${isNewest ? '' : '; the newest version decides'}`],
          [
            'dataschema',
            <code key="dataschema" className="text-xs">
              {dataschema}
            </code>,
          ],
        ]}
      />
      <ShownJson label={`JSON Schema of version ${version}`} value={schema} />
      {upcast !== null && (
        <ShownJson
          label={`Upcast of version ${version}`}
          hint={`Makes data of version ${version - 1} into data of this one`}
          value={upcast}
        />
      )}
    </>
  );
}
