/** What models say in an execution, as they say it: texts by the address of the node that asks. */
import table from 'virtual:routes';
import { useEffect, useState } from 'react';
import type { StreamEventAnswer } from '../../../../../src/contract/executions.ts';
import { addressOf } from '../../../api/call.ts';
import { follow } from '../../../api/server-events.ts';

export interface Saying {
  readonly text: string;
  readonly attempt: number;
  readonly model: string | null;
  readonly isOver: boolean;
}
export type Sayings = ReadonlyMap<string, Saying>;

const NONE: Sayings = new Map();

/** Each event once and in order; an offset says what is known already. */
export function heard(sayings: Sayings, event: StreamEventAnswer): Sayings {
  if (event.type === 'end') return sayings;
  const { path, attempt } = event;
  const before = sayings.get(path) ?? { text: '', attempt, model: null, isOver: false };
  return new Map(sayings).set(path, { ...before, attempt, ...changeOf(before, event) });
}

function changeOf({ text }: Saying, event: Exclude<StreamEventAnswer, { type: 'end' }>): Partial<Saying> {
  if (event.type === 'reset') return { text: '', isOver: false };
  if (event.type === 'token') return { text: text.slice(0, event.offset) + event.text };
  return { isOver: event.state !== 'started', ...(event.model !== undefined && { model: event.model }) };
}

/** Drawn once a frame, however many words come. */
export function useSayings(id: string, isOn: boolean): Sayings {
  const [sayings, setSayings] = useState(NONE);
  useEffect(() => {
    if (!isOn) return;
    const stop = new AbortController();
    let [latest, frame, isOver] = [NONE, 0, false];
    const draw = () => {
      frame = 0;
      setSayings(latest);
    };
    void follow(
      addressOf(table.streamExecution?.path ?? '', { id }),
      {
        signal: stop.signal,
        on: ({ data }) => {
          const event = JSON.parse(data) as StreamEventAnswer;
          if (event.type === 'end') isOver = true;
          latest = heard(latest, event);
          frame ||= requestAnimationFrame(draw);
        },
      },
      () => isOver,
    );
    return () => {
      stop.abort();
      cancelAnimationFrame(frame);
    };
  }, [id, isOn]);
  return sayings;
}
