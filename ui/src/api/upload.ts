/** Sends a file to the blobs of the project. Only the older way of asking tells how much has gone. */
import table from 'virtual:routes';
import { type Answer, nobody } from './call.ts';
import { ApiProblem, problemOf } from './problem.ts';

interface Options {
  readonly mediaType: string;
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  readonly progress: (share: number) => void;
}

/** Throws `ApiProblem`, and the signal's reason once it aborts. */
export function upload(file: Blob, { mediaType, signal, progress }: Options): Promise<Answer<'uploadBlob'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer<'uploadBlob'>>();
  const request = new XMLHttpRequest();
  request.open(table.uploadBlob?.method ?? 'POST', table.uploadBlob?.path ?? '');
  request.setRequestHeader('content-type', mediaType);
  request.setRequestHeader('accept', 'application/json');
  request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total);
  request.onerror = () =>
    reject(new ApiProblem({ status: 0, code: 'unreachable', detail: 'The server does not answer.' }));
  request.onload = () => {
    const { status, responseText } = request;
    if (status === 201) resolve(JSON.parse(responseText) as Answer<'uploadBlob'>);
    else if (status === 401) reject(nobody());
    else problemOf(new Response(responseText, { status })).then(reject, reject);
  };
  signal.addEventListener('abort', () => {
    request.abort();
    reject(signal.reason as Error);
  });
  request.send(file);
  return promise;
}
