/** An arrow between two nodes, or the dotted line to what undoes one. In the editor it has a `+` in its midst, which puts a node there. */
import { BaseEdge, type EdgeProps, getSmoothStepPath } from '@xyflow/react';
import { createContext, memo, use } from 'react';

/** Gets the id of the edge; undefined: nothing can be put in. */
const InsertContext = createContext<((edge: string, at: { x: number; y: number }) => void) | undefined>(undefined);
export const InsertProvider = InsertContext.Provider;

const RADIUS = 9;
const DOTTED = { strokeDasharray: '0.1 5', strokeLinecap: 'round', strokeWidth: 2.5 } as const;

export const ArrowEdge = memo(function ArrowEdge(props: EdgeProps) {
  const { id, data, markerEnd, style } = props;
  const insert = use(InsertContext);
  const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: 8 });
  const isStart = data?.isStart === true;
  const isUndo = data?.isUndo === true;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={20}
        {...(markerEnd && !isUndo && { markerEnd })}
        style={{ ...style, ...(isStart && { strokeDasharray: '4 4' }), ...(isUndo && DOTTED) }}
      />
      {isUndo && (
        <text x={x + 8} y={y + 3} className="fill-muted text-[10px]">
          undo
        </text>
      )}
      {insert && !isStart && !isUndo && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the same is done by keyboard from the node before
        <g
          className="edge-insert cursor-pointer"
          transform={`translate(${x} ${y})`}
          onClick={(event) => {
            event.stopPropagation();
            insert(id, { x: event.clientX, y: event.clientY });
          }}
        >
          <title>Put a node here</title>
          <circle r={RADIUS} fill="var(--raised)" stroke="var(--accent)" />
          <path d="M-4 0H4M0 -4V4" stroke="var(--accent)" strokeWidth={1.5} />
        </g>
      )}
    </>
  );
});
