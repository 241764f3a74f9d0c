/** Writes docs/configuration.md from the table of settings: `npm run docs`. A test keeps the two equal. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SETTINGS, type Setting } from '../src/config/settings.ts';

const HEAD = `# Configuration

This page is written by \`npm run docs\` from \`src/config/settings.ts\`; change the table there.

A setting comes from the environment, else from \`config.yaml\` in the home folder, else it has its default. An empty
variable counts as not set. All faults are told at once, and the server does not start with one. \`npx myelin config\`
prints every setting with its value and where that came from, secrets masked.

| setting | default | what it is |
|---|---|---|
`;

const TAIL = `
## The file

\`<home>/config.yaml\` holds the same names. A list may be written as one. A name that is no setting is refused, and
\`MYELIN_HOME\` itself cannot stand there, since the file is found by it.

\`\`\`text
PORT: 8080
HOST: 0.0.0.0
MYELIN_EGRESS_ALLOW: [billing.internal, 10.20.0.0/16]
MYELIN_SECRET_GITHUB: whsec-from-github
\`\`\`

Three names have a structure, and no variable: \`providers\` and \`models\`, see [models](models.md), and \`tools\`, see
[tools](tools.md).

## Secrets

\`MYELIN_SECRET_NAME\`, in the environment or the file, is what workflows read as \`{{ $secrets.NAME }}\`. The name takes a
letter, then letters, digits and \`_\`. See [security](security.md).

## The home folder

| file | what it is |
|---|---|
| \`credentials.json\` | address and owner's key, readable by the owner only; where the commands find the server |
| \`config.yaml\` | settings, if you make it |
| \`postgres/\`, \`postgres.json\`, \`postgres.log\`, \`postgres-lib/\` | the PostgreSQL of its own: data, port and password, log, libraries |
| \`lock\` | keeps a second PostgreSQL out |

With \`DATABASE_URL\` the folder holds only the settings, if you make them, and the credentials, which the process with
the \`api\` role writes that was first on the database. No other needs a folder, and several may share one.

## Several processes

With \`DATABASE_URL\`, any number of processes share the work, and \`MYELIN_ROLES\` says what each does: \`api\` serves
\`/api\` and \`/docs\`, \`webhook\` serves \`/webhooks\`, \`worker\` runs executions, \`scheduler\` fires timers. Every role
must run somewhere. One process with all of them is the default. See [scaling](scaling.md).
`;

/** The whole page. */
export function renderConfiguration(): string {
  const rows = Object.values<Setting<unknown>>(SETTINGS).map(
    ({ name, default: value, description }) =>
      `| \`${name}\` | ${value === undefined || value === '' ? '' : `\`${value}\``} | ${description} |\n`,
  );
  return HEAD + rows.join('') + TAIL;
}

if (import.meta.main) {
  writeFileSync(fileURLToPath(new URL('../docs/configuration.md', import.meta.url)), renderConfiguration());
}
