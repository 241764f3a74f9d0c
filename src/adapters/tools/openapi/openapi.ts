/** An OpenAPI document as a source of tools. It is read when it is asked for first; one that failed is read again. */
import { MyelinError } from '../../../core/errors.ts';
import type { Egress } from '../../../ports/egress.ts';
import type { Logger } from '../../../ports/runtime.ts';
import type { ExternalCall, ExternalResult, ExternalTool } from '../../../ports/tools.ts';
import type { OpenapiSettings } from '../settings.ts';
import {
  argumentsOf,
  MAX_OUTPUT_BYTES,
  orAborted,
  pinned,
  reasonOf,
  type SecretValues,
  type Source,
  secretOf,
} from '../source.ts';
import { resultOf } from './answer.ts';
import { readDocument } from './document.ts';
import { type Operation, operationsOf } from './operations.ts';
import { type Credentials, requestOf } from './request.ts';

interface Parts {
  readonly egress: Egress;
  readonly secrets: SecretValues;
  readonly log: Logger;
}

interface Api {
  readonly base: string;
  readonly operations: ReadonlyMap<string, Operation>;
}

export function openapiSource(settings: OpenapiSettings, { egress, secrets, log }: Parts): Source {
  const name = `openapi:${settings.name}`;
  const stopping = new AbortController();
  let api: Promise<Api> | undefined;

  async function read(): Promise<Api> {
    const document = await readDocument(settings, egress, stopping.signal);
    const leaveOut = (operation: string, why: string) =>
      log.warn({ source: name, operation }, `an operation is no tool, since ${why}`);
    return { base: document.base, operations: operationsOf(document, settings, leaveOut) };
  }

  /** Read once for all who wait; who gives up waiting does not end it for the others. */
  function load(signal: AbortSignal): Promise<Api> {
    if (api === undefined) {
      const reading = read();
      api = reading;
      reading.catch(() => {
        if (api === reading) api = undefined;
      });
    }
    return orAborted(api, signal);
  }

  function credentials(): Credentials | undefined {
    const { auth } = settings;
    return auth === undefined ? undefined : { auth, value: secretOf(secrets, auth.secret, name) };
  }

  return {
    name,
    kind: 'openapi',
    description: settings.description,
    list: async (signal) => [...(await load(signal)).operations.values()].map(shown),
    async call(tool, call): Promise<ExternalResult> {
      const { base, operations } = await load(call.signal);
      const operation = pinned(operations.get(tool), call);
      const request = requestOf(operation, base, argumentsOf(call), call.idempotencyKey, credentials());
      const limits = { timeoutMs: settings.timeoutMs, maxBytes: MAX_OUTPUT_BYTES, signal: call.signal };
      const response = await egress.request({ ...request, ...limits }).catch((error) => {
        throw failure(error, call);
      });
      return resultOf(call.id, response);
    },
    stop: async () => stopping.abort(new MyelinError('shutting_down')),
  };
}

const shown = ({ id, name, description, parameters, effect, hash }: Operation): ExternalTool => {
  return { id, name, description, parameters, effect, hash };
};

/** In the words of the port; what it does not know (`timeout`, `egress_denied`) says enough by itself. */
function failure(error: unknown, { id, signal }: ExternalCall): unknown {
  if (signal.aborted) return reasonOf(signal);
  if (!(error instanceof MyelinError)) return error;
  const words = (code: 'tool_failed' | 'tool_source_failed') =>
    new MyelinError(code, `${id}: ${error.message}`, error.data, error);
  if (error.code === 'connection_failed') return words('tool_source_failed');
  return error.code === 'http_too_large' || error.code === 'http_invalid_answer' ? words('tool_failed') : error;
}
