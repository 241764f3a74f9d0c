/** Prompts are templates, as the texts of a node's config are. */
import type { Fault } from './errors.ts';
import { templateFaults } from './expression/index.ts';

/** Characters. */
export const LONGEST_PROMPT = 100_000;

/** Without secrets: what a model reads, others may be told. The last three are only there inside of a container. */
const VARIABLES = [
  ...['$json', '$node', '$trigger', '$execution', '$workflow', '$vars', '$now'],
  ...['$item', '$index', '$results'],
];

/** Every fault of its expressions, each at `text`. */
export function promptFaults(text: string): Fault[] {
  return templateFaults(text, VARIABLES).map(({ message }) => {
    const secret = message.includes('$secrets') ? '; a prompt is read by a model, so no secret may be in it' : '';
    return { path: 'text', message: message + secret };
  });
}
