/** One dead letter: what failed and where, what to do about it, what it was about, and the ways on. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useApi } from '../../api/query.ts';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Status } from '../../components/status.tsx';
import { LetterActions } from './letter-actions.tsx';
import { LetterBody } from './letter-body.tsx';
import { letterRequest } from './letter-search.ts';

const route = getRouteApi('/dead-letters/$id');

export default function DeadLetterPage() {
  const { id } = route.useParams();
  const letter = useApi('getDeadLetter', letterRequest(id));
  const { data } = letter;
  return (
    <Page
      title="Dead letter"
      mark={
        <>
          {data && <Status status={data.status} />}
          <Link to="/dead-letters" className="inline-flex items-center gap-1 text-muted text-xs hover:text-text">
            <ArrowLeft size={13} /> All
          </Link>
        </>
      }
      actions={data && <LetterActions letter={data} />}
    >
      {data !== undefined ? (
        <LetterBody key={data.id} letter={data} />
      ) : letter.error ? (
        <ProblemNote error={letter.error} retry={() => void letter.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
