/** Below the form, in a wide window beside it: what the node got in the last run, what earlier nodes gave, and what it gave itself. */
import { useRef } from 'react';
import { copy } from '../../../components/copy.ts';
import { JsonView } from '../../../components/json-view.tsx';
import { Status } from '../../../components/status.tsx';
import { useRun } from '../editor/last-run.ts';
import { DataTree } from './data-tree.tsx';
import { memberOf } from './member-path.ts';
import { ROUND, useScope } from './scope.ts';
import type { PlaceSample } from './use-sample.ts';

interface DataColumnProps {
  /** Undefined: of a trigger, which knows only what came. */
  readonly sample: PlaceSample | undefined;
}

export function DataColumn({ sample }: DataColumnProps) {
  const { env, nodes, insert, hasData, variables } = useScope();
  const latest = useRef(insert);
  const choose = (expression: string) => {
    if (latest.current.current) return latest.current.current(expression);
    void copy(`{{ ${expression} }}`, `Copied ${expression}`);
  };
  const earlier = nodes.flatMap(({ id }) => {
    const output = env.node?.(id);
    return output === undefined ? [] : [{ id, output }];
  });
  const readValue = (name: string) => (env as Readonly<Record<string, unknown>>)[name];
  const round = ROUND.filter((name) => variables.includes(name) && readValue(name) !== undefined);
  // The last run of the canvas is shown below the form, with the pin.
  const isShown = useRun()?.run?.id === sample?.source.run?.id;
  const node = sample?.node;
  const names = ['$trigger', '$execution', '$workflow'].filter((name) => variables.includes(name));
  return (
    <section
      aria-label="Data of the last run"
      data-beside
      className="flex max-h-[30%] shrink-0 flex-col overflow-auto border-line border-t px-2 py-2.5 max-md:hidden min-[1500px]:max-h-none min-[1500px]:w-68 min-[1500px]:border-t-0 min-[1500px]:border-r"
    >
      {!hasData && (
        <p className="p-2 text-muted">
          Nothing has run yet. Test the workflow, and the data that came to this node is here to choose from.
        </p>
      )}
      {hasData && (
        <>
          {sample?.isPart && (
            <p className="p-2 text-muted text-xs">
              The last run is large: here is what this node names, and what is joined to it.
            </p>
          )}
          {sample && <Heading>Input</Heading>}
          {sample && env.$json === undefined && (
            <p className="px-2 text-faint text-xs">The last run has not come here.</p>
          )}
          {env.$json !== undefined && (
            <ul>
              <DataTree expression="$json" name="$json" value={env.$json} isOpen choose={choose} />
            </ul>
          )}
          {round.length > 0 && (
            <>
              <Heading>Iteration</Heading>
              <ul>
                {round.map((name) => (
                  <DataTree key={name} expression={name} name={name} value={readValue(name)} choose={choose} />
                ))}
              </ul>
            </>
          )}
          {earlier.length > 0 && (
            <>
              <Heading>Earlier nodes</Heading>
              <ul>
                {earlier.map(({ id, output }) => (
                  <DataTree key={id} expression={memberOf('$node', id)} name={id} value={output} choose={choose} />
                ))}
              </ul>
            </>
          )}
          <Heading>{sample ? 'Workflow' : 'What came last'}</Heading>
          <ul>
            {names.map((name) => (
              <DataTree
                key={name}
                expression={name}
                name={name}
                value={readValue(name)}
                isOpen={sample === undefined}
                choose={choose}
              />
            ))}
          </ul>
          {!isShown && node?.output != null && (
            <>
              <Heading>
                Output <Status status={node.status} className="ml-auto text-xs" />
              </Heading>
              <JsonView value={node.output} depth={1} />
            </>
          )}
        </>
      )}
    </section>
  );
}

const Heading = ({ children }: { readonly children: React.ReactNode }) => (
  <h3 className="mt-3 mb-1 flex items-center px-1 font-medium text-muted text-xs first:mt-0">{children}</h3>
);
