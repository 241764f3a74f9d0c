/** When something fires next. A time that is over means that it is being done. */
import { Ago, useNow } from '../../components/time.tsx';

export function Next({ at }: { readonly at: string | null }) {
  const now = useNow();
  if (at === null) return <span className="text-faint">–</span>;
  return Date.parse(at) <= now ? 'now' : <Ago at={at} />;
}
