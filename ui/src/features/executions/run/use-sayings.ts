/** Follows what the models of an execution say, as long as somebody looks. */
import { useEffect, useState } from 'react';
import { followTokens } from '../../../api/tokens.ts';
import { heard, type Sayings } from './sayings.ts';

const NONE: Sayings = new Map();

/** Drawn once a frame, however many words come. */
export function useSayings(id: string, isOn: boolean): Sayings {
  const [sayings, setSayings] = useState(NONE);
  useEffect(() => {
    if (!isOn) return;
    let [latest, frame] = [NONE, 0];
    const draw = () => {
      frame = 0;
      setSayings(latest);
    };
    const stop = followTokens(id, (event) => {
      latest = heard(latest, event);
      frame ||= requestAnimationFrame(draw);
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [id, isOn]);
  return sayings;
}
