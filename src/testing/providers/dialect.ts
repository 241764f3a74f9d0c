/** What the wire formats of the providers have in common, for the double that speaks them. */
import { isObject, type Json } from '../../core/json.ts';

/** What a model answers with. */
export interface Said {
  readonly text?: string;
  readonly reasoning?: string;
  /** Arguments that are text go out as they are, JSON or not. */
  readonly tools?: readonly { readonly name: string; readonly arguments: Json }[];
  /** Of the input. */
  readonly cachedTokens?: number;
  /** It was cut at the most tokens. */
  readonly cut?: boolean;
}

/** What somebody asked, whatever the format. */
export interface Ask {
  readonly model: string;
  readonly stream: boolean;
  /** Undefined where none was sent. */
  readonly key: string | undefined;
  /** Answers of the model among the messages. */
  readonly turn: number;
  readonly tools: readonly { readonly name: string; readonly parameters: unknown }[];
  readonly body: JsonBody;
}
export type JsonBody = { readonly [key: string]: unknown };

export interface Counted {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
}

export interface Dialect {
  readonly name: 'openai' | 'openai-chat' | 'anthropic' | 'google';
  /** Of a POST. */
  matches(path: string): boolean;
  read(path: string, body: JsonBody): Omit<Ask, 'key' | 'body'>;
  whole(said: Said, context: Context): object;
  /** Events of the stream in order, each as it goes over the wire. */
  events(said: Said, context: Context): string[];
  error(status: number, message: string): object;
}

export interface Context {
  /** Of this answer. */
  readonly id: string;
  readonly ask: Ask;
  readonly usage: Counted;
}

export const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

/** Words with the space before them. */
export const pieces = (text: string): string[] => text.match(/\s*\S+(?:\s+$)?/g) ?? (text === '' ? [] : [text]);

export const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const callId = ({ id }: Context, index: number): string => `call_${id}_${index}`;

export function list(value: unknown): readonly JsonBody[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Four characters to a token, of what was asked and what is answered: the same request costs the same each time. */
export function count(said: Said, body: JsonBody): Counted {
  const answer = [said.text ?? '', said.reasoning ?? '', ...(said.tools ?? []).map((tool) => JSON.stringify(tool))];
  return {
    inputTokens: Math.ceil(JSON.stringify(body).length / 4),
    outputTokens: Math.ceil(answer.join('').length / 4),
    cachedTokens: said.cachedTokens ?? 0,
  };
}
