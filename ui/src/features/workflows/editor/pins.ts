/** Outputs that were pinned to nodes: a test takes them instead of running the node. Kept in this browser by workflow. */
import { useState } from 'react';
import { keep, readKept } from '../../../components/storage.ts';
import { isWithin } from './edit/scopes.ts';
import { readDrafts } from './local-drafts.ts';

export type Pins = Readonly<Record<string, unknown>>;

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
  /** Id of it, or `new`. */
  readonly workflow: string;
  /** By place. */
  readonly pins: Pins;
  readonly pin: (place: string, output: unknown) => void;
  readonly unpin: (place: string) => void;
  /** A node that has another place now keeps its pin, and those of what is in it. */
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
  return {
    workflow,
    pins,
    pin: (place, output) => put({ ...pins, [place]: output }),
    unpin: (place) => put(Object.fromEntries(Object.entries(pins).filter(([one]) => one !== place))),
    rename: (from, to) => {
      const moved = (place: string) => (isWithin(place, from) ? to + place.slice(from.length) : place);
      put(Object.fromEntries(Object.entries(pins).map(([place, output]) => [moved(place), output])));
    },
    moveTo: (next) => {
      keep(keyOf(workflow), undefined);
      if (Object.keys(pins).length > 0) keep(keyOf(next), JSON.stringify(pins));
    },
  };
}
