/** Words of others as a model is shown them: `strip` takes out of them what a reader would not see. */
import type { Message, Part } from '../core/conversation.ts';
import type { Turn } from '../core/node-type.ts';
import { stripHtml } from '../core/strip-html.ts';
import type { Agent } from './turns.ts';

export const shownText = ({ config }: Agent, text: string): string => (config.safety?.strip ? stripHtml(text) : text);

/** As it was said before; a session keeps it as it came. */
export function heardOf({ config }: Agent, said: readonly Message[] = []): readonly Message[] {
  return config.safety?.strip ? said.map(strippedMessage) : said;
}

/** Of messages, which do not change: a long loop shows each of them many times. */
const STRIPPED = new WeakMap<Message, Message>();

/** What the agent itself has said stays. */
function strippedMessage(message: Message): Message {
  const known = STRIPPED.get(message);
  if (known !== undefined || message.role !== 'user') return known ?? message;
  const { content } = message;
  const clean = { ...message, content: typeof content === 'string' ? stripHtml(content) : content.map(strippedPart) };
  STRIPPED.set(message, clean);
  return clean;
}

const strippedPart = (part: Part): Part => (part.type === 'text' ? { ...part, text: stripHtml(part.text) } : part);

/** Of turns that have ended, which do not change: a long loop shows each of them many times. */
const CLEAN = new WeakMap<Turn, { readonly strip: boolean; readonly text: string }>();

/** What came of a call. */
export function resultText({ config }: Agent, turn: Turn): string {
  const strip = config.safety?.strip === true;
  const known = CLEAN.get(turn);
  if (known?.strip === strip) return known.text;
  const said =
    turn.error?.message ?? (typeof turn.output === 'string' ? turn.output : JSON.stringify(turn.output ?? null));
  const text = strip ? stripHtml(said) : said;
  if (turn.endedAt !== undefined) CLEAN.set(turn, { strip, text });
  return text;
}
