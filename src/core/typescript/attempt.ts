/** What the builder says against a part of the text is said at that part. */
import { MyelinError } from '../errors.ts';
import { refuse, type Span } from './unreadable.ts';

/** Throws `Unreadable` at `span` for what `act` throws as a `MyelinError`. */
export function attempt<T>(span: Span, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof MyelinError)) throw error;
    return refuse(error.message.replace(/^While the workflow was built: /, '').replace(/\.$/, ''), span);
  }
}
