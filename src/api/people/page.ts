/**
 * The pages behind the links of an approval: plain HTML, no script, one form. Everything that comes from a workflow is
 * escaped, and the policy lets nothing in but the style below.
 */
import { createHash } from 'node:crypto';
import type { LinkWord } from '../../engine/links.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}' +
  'h1{font-size:1.4rem}pre{background:#f4f4f4;padding:1rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}' +
  'label{display:block;margin:1rem 0}input,textarea{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.4rem}' +
  'button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.3rem;color:#fff;background:#1a5fb4;cursor:pointer}';

/** `form-action` lets the button call this server only; nobody may frame the page. */
export const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Of data shown; what is longer belongs into a page of the workflow's own. */
const LONGEST_DATA = 20_000;

const WORDS: Readonly<Record<LinkWord, string>> = { approve: 'Approve', reject: 'Reject' };

export interface Question {
  readonly id: string;
  readonly workflowName: string;
  /** Null: anybody. */
  readonly assignees: readonly string[] | null;
  /** Milliseconds since the epoch; null: it waits without end. */
  readonly due: number | null;
  readonly title: string;
  readonly description: string | null;
  readonly data: unknown;
  /** Null: nothing can be filled in or edited. */
  readonly form: unknown;
}

/** The question with one button. The form goes to the address of the page itself. */
export function questionPage(question: Question, word: LinkWord): string {
  const { title, description, data } = question;
  const shown = data === null || data === undefined ? '' : `<pre>${html(clip(JSON.stringify(data, null, 2)))}</pre>`;
  const about = description === null ? '' : `<p>${html(description)}</p>`;
  return page(
    title,
    `${facts(question)}${about}${shown}${word === 'approve' ? editing(question) : ''}<form method="post"><label>Your name<input name="by" maxlength="200" autocomplete="name" required></label>` +
      `<label>Comment<textarea name="comment" rows="3" maxlength="10000"></textarea></label>` +
      `<button>${WORDS[word]}</button></form>`,
  );
}

/** Where it comes from, who is asked, and how long. */
function facts({ workflowName, assignees, due }: Question): string {
  const until = due === null ? '' : `, until ${new Date(due).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<p>Asked by the workflow ${html(workflowName)} of ${html(assignees?.join(', ') ?? 'anybody')}${until}.</p>`;
}

/** The page has no fields of a form: its button takes what is shown. */
function editing({ id, form }: Question): string {
  if (form === null || form === undefined) return '';
  const command = `myelin approve ${id} --data '{ … }'`;
  return `<p>The button takes this as it is. To edit it: <code>${html(command)}</code></p>`;
}

export function messagePage(title: string, text: string): string {
  return page(title, `<p>${html(text)}</p>`);
}

function page(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta name="robots" content="noindex"><title>${html(title)}</title><style>${STYLE}</style></head>` +
    `<body><h1>${html(title)}</h1>${body}</body></html>`
  );
}

const clip = (text: string): string => (text.length <= LONGEST_DATA ? text : `${text.slice(0, LONGEST_DATA)}\n…`);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const html = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
