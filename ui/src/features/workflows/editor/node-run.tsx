/** Below the settings of a node: what went in and came out when it last ran, its pin, and the tests of it. */
import { FlaskConical, Pin, PinOff, StepForward } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { forgetDraft } from '../../../components/draft.ts';
import { JsonView } from '../../../components/json-view.tsx';
import { Badge, Status } from '../../../components/status.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import { toast } from '../../../components/toast.tsx';
import type { Definition } from '../../../graph/document.ts';
import { useNodeRun, useRun } from './last-run.ts';
import { PinField } from './pin-field.tsx';
import { type NodeValues, readOutput, useNodeValues } from './run-values.ts';

type Side = 'input' | 'output' | 'pin';

export function NodeRun({ definition, place }: { readonly definition: Definition; readonly place: string }) {
  const context = useRun();
  const node = useNodeRun(definition, place);
  const values = useNodeValues(definition, context?.run, node);
  const [chosen, setSide] = useState<Side>();
  const [round, setRound] = useState(0);
  if (context === undefined) return null;
  const { pins, test, run } = context;
  const isPinned = place in pins.pins;
  const side = chosen ?? (isPinned ? 'pin' : 'output');
  const name = `${pins.workflow}.${place}`;
  /** From elsewhere than the field, which begins anew. */
  const afresh = (work: () => void) => {
    forgetDraft(`pin.${name}`);
    work();
    setRound(round + 1);
    setSide('pin');
  };
  const take = async () => {
    if (run === undefined || node === undefined) return;
    try {
      const output = await readOutput(run.id, node);
      afresh(() => pins.pin(place, output));
    } catch (error) {
      toast({ tone: 'bad', title: (error as Error).message });
    }
  };
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
            { id: 'pin', label: 'Pin' },
          ]}
        />
        {isPinned ? <Badge tone="accent">pinned</Badge> : node && <Status status={node.status} className="text-xs" />}
        <span className="ml-auto flex flex-wrap gap-1">
          {isPinned && (
            <Button
              kind="quiet"
              className="h-7!"
              icon={<PinOff size={13} />}
              onClick={() => afresh(() => pins.unpin(place))}
            >
              Unpin
            </Button>
          )}
          {node?.status === 'completed' && (!isPinned || side === 'pin') && (
            <Button kind="quiet" className="h-7!" icon={<Pin size={13} />} onClick={() => void take()}>
              Pin the last output
            </Button>
          )}
          {test && (
            <>
              <Button
                operation="testDraft"
                kind="quiet"
                className="h-7!"
                icon={<FlaskConical size={13} />}
                title="Run this node alone, with what is pinned before it or came out of the last run"
                onClick={() => test(place, true)}
              >
                Test this node
              </Button>
              <Button
                operation="testDraft"
                kind="quiet"
                className="h-7!"
                icon={<StepForward size={13} />}
                title="Run it and all before it"
                onClick={() => test(place)}
              >
                Run up to here
              </Button>
            </>
          )}
        </span>
      </div>
      <div className="min-h-0 overflow-auto px-3 pb-3">
        {side === 'pin' ? (
          <PinField
            key={`${name} ${round}`}
            name={name}
            isPinned={isPinned}
            value={pins.pins[place]}
            pin={(value) => pins.pin(place, value)}
            unpin={() => pins.unpin(place)}
          />
        ) : (
          <>
            {side === 'output' && node?.error && (
              <p className="mb-2 break-words text-bad text-xs">{node.error.message}</p>
            )}
            {node === undefined || node.status === 'pending' ? (
              <p className="text-faint text-xs">It has not run yet.</p>
            ) : side === 'output' && node.status !== 'completed' ? (
              <p className="text-faint text-xs">It has no output.</p>
            ) : (
              <Shown side={side} values={values} />
            )}
          </>
        )}
      </div>
    </section>
  );
}

function Shown({ side, values }: { readonly side: 'input' | 'output'; readonly values: NodeValues }) {
  if (values.waiting !== undefined) {
    return (
      <Button className="h-7!" onClick={values.read}>
        Read about {Math.ceil(values.waiting / 1024 / 1024)} MB
      </Button>
    );
  }
  if (values.isReading && !(side in values)) return <p className="text-faint text-xs">Reading it…</p>;
  return <JsonView value={values[side] ?? null} />;
}
