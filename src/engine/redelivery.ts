/**
 * Sends a webhook of the log once more, when a person asks for it: the same body under the same `webhook-id`, to where the
 * connection leads now, and signed anew. A receiver that has taken it before knows it by its id.
 */
import { webhook } from '../core/connections/types/webhook.ts';
import { parseDuration } from '../core/duration.ts';
import { MyelinError } from '../core/errors.ts';
import { answerText, DEFAULT_TIMEOUT, signedRequest, webhookBody } from '../nodes/webhook-send.ts';
import type { Connections } from '../ports/connections.ts';
import type { Delivery, NewDelivery } from '../ports/deliveries.ts';
import type { Egress, EgressRequest } from '../ports/egress.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { connectionSecrets } from './connection-secrets.ts';
import { maskOf } from './mask-of.ts';
import type { Plans } from './plans.ts';
import { redact } from './redact.ts';

export interface RedeliveryOptions {
  readonly store: Pick<Store, 'deliveries' | 'executions'>;
  readonly connections: Connections;
  readonly egress: Pick<Egress, 'request'>;
  readonly plans: Plans;
  readonly runtime: Pick<Runtime, 'now' | 'id'>;
}

export class Redelivery {
  readonly #options: RedeliveryOptions;

  constructor(options: RedeliveryOptions) {
    this.#options = options;
  }

  /**
   * Its entry in the log, which says how it was answered. The same key sends nothing again, and comes to the same entry.
   * Throws `delivery_not_found`, `delivery_not_kept`, `connection_missing`, `connection_sealed`.
   */
  async resend(projectId: string, id: string, key: string | null): Promise<Delivery> {
    const { store, connections, plans, runtime } = this.#options;
    const found = await store.deliveries.get(projectId, id);
    if (found === undefined) throw new MyelinError('delivery_not_found', `There is no delivery ${id}.`);
    const { delivery, said } = found;
    if (said === null) throw new MyelinError('delivery_not_kept', `What the delivery ${id} said is not kept.`);
    const { connection: name, type, messageId } = delivery;
    const connection = await connections.open(projectId, name, webhook.type);
    const isMasked = (await maskOf(store.executions, plans, delivery)) !== null;
    const at = runtime.now();
    const begun: NewDelivery = {
      ...{ projectId, executionId: delivery.executionId, path: delivery.path, attempt: delivery.attempt },
      ...{ id: runtime.id(), connection: name, type, messageId, repeats: delivery.repeats ?? delivery.id },
      // Of one whose process dies in the middle.
      ...{ status: null, error: 'interrupted', response: null, durationMs: 0, at },
    };
    const same = await store.deliveries.begin(begun, key);
    if (same !== undefined) return same;
    const body = webhookBody(type, said.at, said.data);
    const request = signedRequest(webhook.config.parse(connection.config), messageId, at, body);
    const secrets = connectionSecrets(name, connection);
    const came = await this.#send(request, (text) => redact(text, secrets));
    const ended = {
      ...{ ...begun, ...came, response: isMasked ? null : came.response },
      durationMs: Math.max(0, Math.round(runtime.now() - at)),
    };
    await store.deliveries.settle(ended);
    return { ...ended, isKept: true };
  }

  async #send(
    request: EgressRequest,
    clean: (text: string) => string,
  ): Promise<Pick<NewDelivery, 'status' | 'error' | 'response'>> {
    try {
      const answer = await this.#options.egress.request({ ...request, timeoutMs: parseDuration(DEFAULT_TIMEOUT) });
      return { status: answer.status, error: null, response: answerText(answer, clean) };
    } catch (error) {
      return { status: null, error: error instanceof MyelinError ? error.code : 'internal', response: null };
    }
  }
}
