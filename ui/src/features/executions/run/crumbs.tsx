/** Where a node is: its containers, each of which can be chosen, and the iteration, with a step to its neighbors. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import { IconButton } from '../../../components/button.tsx';
import { containerOf, iterationOf, keyOf, nameOf } from './address.ts';
import { useRun } from './view.tsx';

export function Crumbs({ path }: { readonly path: string }) {
  const { choose } = useRun();
  const steps = path.split('/');
  return (
    <h2 className="flex min-w-0 flex-wrap items-center gap-x-1 font-medium">
      {steps.slice(0, -1).map((step, index) => {
        const iteration = steps.slice(0, index + 1).join('/');
        const container = iteration.slice(0, iteration.lastIndexOf('['));
        return (
          <Fragment key={iteration}>
            <button type="button" className="text-muted hover:underline" onClick={() => choose(container)}>
              {nameOf(container)}
            </button>
            <span className="text-muted">[{keyOf(step)}]</span>
            <span className="text-faint">/</span>
          </Fragment>
        );
      })}
      <span className="break-all">{nameOf(path)}</span>
      <Walk path={path} />
    </h2>
  );
}

/** To the same node in the iteration before and after. */
function Walk({ path }: { readonly path: string }) {
  const { execution, choose } = useRun();
  const iteration = iterationOf(path);
  const container = containerOf(path);
  if (iteration === null || !/^\d+$/.test(keyOf(iteration))) return null;
  const index = Number(keyOf(iteration));
  const progress = execution.nodes.find((node) => node.path === container)?.progress;
  const last = progress?.total ?? Number.POSITIVE_INFINITY;
  const to = (other: number) => () => choose(`${container}[${other}]/${nameOf(path)}`);
  return (
    <span className="ml-1 flex">
      <IconButton label="In the iteration before" disabled={index === 0} onClick={to(index - 1)}>
        <ChevronLeft size={14} />
      </IconButton>
      <IconButton label="In the next iteration" disabled={index + 1 >= last} onClick={to(index + 1)}>
        <ChevronRight size={14} />
      </IconButton>
    </span>
  );
}
