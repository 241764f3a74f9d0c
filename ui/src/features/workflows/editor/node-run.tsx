/** Below the settings of a node: what went in and came out when it last ran, and the pin for tests. */
import { FlaskConical, Pin, PinOff } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { JsonView } from '../../../components/json-view.tsx';
import { Badge, Status } from '../../../components/status.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import type { Definition } from '../../../graph/document.ts';
import { splitPlace } from './edit/scopes.ts';
import { useNodeRun, useRun } from './last-run.ts';

type Side = 'input' | 'output';

export function NodeRun({ definition, place }: { readonly definition: Definition; readonly place: string }) {
  const context = useRun();
  const node = useNodeRun(definition, place);
  const [side, setSide] = useState<Side>('output');
  const { scope, id } = splitPlace(place);
  if (context === undefined) return null;
  const { pins, test } = context;
  const isOuter = scope === '';
  const isPinned = isOuter && id in pins.pins;
  if (node === undefined && !isPinned && (test === undefined || !isOuter)) return null;
  const output = isPinned ? pins.pins[id] : node?.output;
  return (
    <section aria-label="Last run" className="flex max-h-[45%] shrink-0 flex-col border-line border-t">
      <div className="flex flex-wrap items-center gap-1.5 px-3 py-1.5">
        <Tabs<Side>
          label="Values of the last run"
          value={side}
          onChange={setSide}
          tabs={[
            { id: 'input', label: 'Input' },
            { id: 'output', label: 'Output' },
          ]}
        />
        {isPinned ? <Badge tone="accent">pinned</Badge> : node && <Status status={node.status} className="text-xs" />}
        <span className="ml-auto flex gap-1">
          {isPinned && (
            <Button kind="quiet" className="h-7!" icon={<PinOff size={13} />} onClick={() => pins.unpin(id)}>
              Unpin
            </Button>
          )}
          {isOuter && !isPinned && node?.status === 'completed' && (
            <Button kind="quiet" className="h-7!" icon={<Pin size={13} />} onClick={() => pins.pin(id, node.output)}>
              Pin
            </Button>
          )}
          {isOuter && test && (
            <Button kind="quiet" className="h-7!" icon={<FlaskConical size={13} />} onClick={() => test(id)}>
              Run up to here
            </Button>
          )}
        </span>
      </div>
      <div className="min-h-0 overflow-auto px-3 pb-3">
        {side === 'output' && node?.error && !isPinned && (
          <p className="mb-2 break-words text-bad text-xs">{node.error.message}</p>
        )}
        {node === undefined && !isPinned ? (
          <p className="text-faint text-xs">It has not run yet.</p>
        ) : side === 'output' && !isPinned && node?.status !== 'completed' ? (
          <p className="text-faint text-xs">It has no output.</p>
        ) : (
          <JsonView value={side === 'input' ? (node?.input ?? null) : (output ?? null)} />
        )}
      </div>
    </section>
  );
}
