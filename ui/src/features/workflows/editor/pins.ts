/** Outputs that were pinned to nodes: a test takes them instead of running the node. Kept in this browser by workflow. */
import { useState } from 'react';
import { keep, readKept } from '../../../components/storage.ts';
import { readDrafts } from './local-drafts.ts';

type Pins = Readonly<Record<string, unknown>>;

const keyOf = (workflow: string): string => `myelin.pins.${workflow}`;

function read(workflow: string): Pins {
  // Of a new one nothing is left but with its draft: the next new workflow is another one.
  if (workflow === 'new' && readDrafts(workflow).length === 0) return {};
  try {
    return JSON.parse(readKept(keyOf(workflow)) ?? '{}') as Pins;
  } catch {
    return {};
  }
}

export interface PinsHandle {
  readonly pins: Pins;
  readonly pin: (id: string, output: unknown) => void;
  readonly unpin: (id: string) => void;
  /** A node that was renamed keeps its pin. */
  readonly rename: (from: string, to: string) => void;
  /** The new workflow was saved, and has an id. */
  readonly moveTo: (workflow: string) => void;
}

export function usePins(workflow: string): PinsHandle {
  const [pins, setPins] = useState(() => read(workflow));
  // What is too large to keep holds until the page is left.
  const put = (next: Pins) => {
    setPins(next);
    keep(keyOf(workflow), JSON.stringify(next));
  };
  const without = (id: string): Pins => Object.fromEntries(Object.entries(pins).filter(([one]) => one !== id));
  return {
    pins,
    pin: (id, output) => put({ ...pins, [id]: output }),
    unpin: (id) => put(without(id)),
    rename: (from, to) => {
      if (from in pins) put({ ...without(from), [to]: pins[from] });
    },
    moveTo: (next) => {
      keep(keyOf(workflow), undefined);
      if (Object.keys(pins).length > 0) keep(keyOf(next), JSON.stringify(pins));
    },
  };
}
