/** Writes docs/errors.md from the table of errors: `npm run docs`. A test keeps the two equal. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERRORS } from '../src/core/errors.ts';

const HEAD = `# Errors

This page is written by \`npm run docs\` from \`src/core/errors.ts\`; change the table there.

Every error has a code of this list, over HTTP as \`application/problem+json\` with \`code\`, \`detail\` and, for documents
and requests, \`errors[]\` with a path and a message each. A **transient** error may pass by itself: a node that
fails with one is retried, and a client may repeat the request. A **permanent** one comes again until someone acts.
The **category** sorts [dead letters](dead-letters.md); where a target answered a status, that decides.

| code | HTTP | kind | category | what it means | what to do |
|---|---|---|---|---|---|
`;

/** The whole page. */
export function renderErrors(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, kind, category, meaning, mend }]) =>
      `| \`${code}\` | ${status} | ${kind} | ${category} | ${cell(meaning)} | ${cell(mend)} |\n`,
  );
  return HEAD + rows.join('');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('__', '\\_\\_');

if (import.meta.main) writeFileSync(fileURLToPath(new URL('../docs/errors.md', import.meta.url)), renderErrors());
