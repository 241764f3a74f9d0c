/** What a replay would come to: how many messages, how many of them the trigger takes, and the first. */
import type { DryReplay } from '../../../../src/contract/replays.ts';
import { Ago } from '../../components/time.tsx';
import { foundWords, takenWords } from './dry-words.ts';

export function DryRun({ dry }: { readonly dry: DryReplay }) {
  return (
    <section aria-label="What would be replayed" className="rounded-md border border-line bg-ground p-3">
      <p role="status">
        <span className="font-medium tabular-nums">{foundWords(dry)}</span> {takenWords(dry)}
      </p>
      {dry.first.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1 text-xs">
          {dry.first.map(({ position, type, key, at, starts }) => (
            <li key={position} className="flex items-baseline gap-3">
              <span className="w-12 text-faint tabular-nums">{position}</span>
              <code className="min-w-0 truncate">{type}</code>
              <span className="min-w-0 truncate text-muted">{key}</span>
              <span className="ml-auto shrink-0 text-faint">{starts ? <Ago at={at} /> : 'not taken'}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
