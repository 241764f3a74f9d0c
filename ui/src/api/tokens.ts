/** Follows what models of an execution say; resumes by itself where the line was cut. */
import table from 'virtual:routes';
import type { StreamEventAnswer } from '../../../src/contract/executions.ts';
import { addressOf } from './call.ts';

/** Answers how to stop it. */
export function followTokens(executionId: string, heard: (event: StreamEventAnswer) => void): () => void {
  const source = new EventSource(addressOf(table.streamExecution?.path ?? '', { id: executionId }));
  for (const type of ['token', 'reset', 'call', 'end']) {
    source.addEventListener(type, (message) => {
      const event = JSON.parse((message as MessageEvent<string>).data) as StreamEventAnswer;
      heard(event);
      // The server would answer who comes back that there is no more.
      if (event.type === 'end') source.close();
    });
  }
  return () => source.close();
}
