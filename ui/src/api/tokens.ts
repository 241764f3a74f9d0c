/** Follows what models of an execution say; goes on by itself where the line was cut. */
import table from 'virtual:routes';
import type { StreamEventAnswer } from '../../../src/contract/executions.ts';
import { addressOf } from './call.ts';
import { follow } from './server-events.ts';

/** Answers how to stop it. */
export function followTokens(executionId: string, heard: (event: StreamEventAnswer) => void): () => void {
  const stop = new AbortController();
  let isOver = false;
  const on = ({ data }: { readonly data: string }) => {
    const event = JSON.parse(data) as StreamEventAnswer;
    isOver ||= event.type === 'end';
    heard(event);
  };
  const address = addressOf(table.streamExecution?.path ?? '', { id: executionId });
  void follow(address, { signal: stop.signal, on }, () => isOver);
  return () => stop.abort();
}
