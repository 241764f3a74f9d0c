/** The server looks at so many executions for one page: where few of them fit, one says how far back to look. */
import { timeOfUuid } from '../../../../src/core/uuid.ts';
import { Button } from '../../components/button.tsx';

interface LookedBackProps {
  /** Where to look on: the id of the last execution that was looked at. */
  readonly cursor: string;
  readonly busy: boolean;
  readonly onMore: () => void;
}

export function LookedBack({ cursor, busy, onMore }: LookedBackProps) {
  const at = new Date(timeOfUuid(cursor)).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t px-4 py-2 text-muted md:px-6">
      <span className="mr-auto">Looked back to {at}; what is older may fit too.</span>
      <Button busy={busy} onClick={onMore}>
        Look further back
      </Button>
    </div>
  );
}
