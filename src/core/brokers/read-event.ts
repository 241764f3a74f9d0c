/** CloudEvents in messages of brokers: in structured mode the value is all of it, in binary mode it is the data. */
import { type CloudEvent, MESSAGE_TYPE } from '../cloud-event.ts';
import { MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';
import { isUnsafeKey, parseJson } from '../safe-json.ts';
import { base64Of, jsonText, plain, type Received } from './received.ts';

/** How the bindings of CloudEvents begin the names of headers: Kafka, NATS and HTTP, AMQP. */
const PREFIX = /^(?:ce_|ce-|cloudEvents:|cloudEvents_)(.+)$/i;

/** Throws `message_invalid`, `invalid_json`, `unsafe_key` or `too_deep`. */
export function readEvent(message: Received): CloudEvent {
  const { headers = {} } = message;
  const attributes = attributesOf(headers);
  const event = 'specversion' in attributes ? binary(message.value, headers, attributes) : structured(message);
  const { id, source, type } = event;
  if (event.specversion !== '1.0') throw invalid('`specversion` must be 1.0');
  for (const [name, value] of Object.entries({ id, source, type })) {
    if (typeof value !== 'string' || value === '') throw invalid(`\`${name}\` is missing`);
  }
  if (!MESSAGE_TYPE.test(type as string)) {
    throw invalid('`type` takes letters, digits, _, -, :, / and points, at most 200');
  }
  for (const [name, value] of Object.entries(event)) {
    if (name !== 'data' && isObject(value))
      throw invalid(`the attribute \`${name}\` must be a text, number or boolean`);
  }
  return event as unknown as CloudEvent;
}

function structured({ value }: Received): Record<string, unknown> {
  const event = value === null ? null : parseJson(jsonText(value));
  if (!isObject(event)) throw invalid('it is no JSON object, and has no headers of the binary mode');
  // An attribute that is null is not set; data that is null is null.
  return Object.fromEntries(Object.entries(event).filter(([name, one]) => one !== null || name === 'data'));
}

function binary(
  value: Received['value'],
  headers: NonNullable<Received['headers']>,
  attributes: Record<string, unknown>,
): Record<string, unknown> {
  const named = Object.entries(headers).find(([name]) => /^content-?type$/i.test(name))?.[1];
  const type = named === undefined ? undefined : String(plain(named));
  const event = type === undefined ? attributes : { ...attributes, datacontenttype: type };
  return value === null ? event : { ...event, ...dataOf(type ?? 'application/json', value) };
}

function dataOf(type: string, value: Uint8Array): Record<string, unknown> {
  const essence = type.split(';')[0]!.trim().toLowerCase();
  if (essence === 'application/json' || essence.endsWith('+json')) return { data: parseJson(jsonText(value)) };
  return essence.startsWith('text/') ? { data: jsonText(value) } : { data_base64: base64Of(value) };
}

function attributesOf(headers: NonNullable<Received['headers']>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers)) {
    const attribute = PREFIX.exec(name)?.[1]?.toLowerCase();
    if (attribute === undefined || isUnsafeKey(attribute)) continue;
    found[attribute] = plain(value);
  }
  if (typeof found.causationdepth === 'string') found.causationdepth = Number(found.causationdepth);
  return found;
}

const invalid = (why: string): MyelinError =>
  new MyelinError('message_invalid', `The message is no CloudEvent: ${why}.`);
