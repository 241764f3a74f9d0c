/** Runs the server until it is asked to end. */
import { type Config, loadConfig } from '../../config/config.ts';
import { credentialsFile, readCredentials } from '../../config/credentials.ts';
import { ROLES } from '../../config/settings.ts';
import { createClient } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { demonstrate } from '../first-start.ts';
import type { Server } from '../io.ts';
import type { AddCommand } from '../run-command.ts';
import { startFailure } from '../start-failure.ts';
import { readVersion } from '../version.ts';

export const addStart: AddCommand = (program, run) => {
  program
    .command('start')
    .description('Start the server, with a PostgreSQL of its own unless DATABASE_URL is set')
    .action(
      run(async (context) => {
        const { config, server } = await launch(context);
        await announce(context, config, server);
        if (wantsDemonstration(context, config, server)) await demonstrate(context, config, server);
        await asked(server.asked);
        context.remark('Ending what runs. Ctrl-C once more ends at once; either way nothing is lost.');
        await server.stop();
        return EXIT.ok;
      }),
    );
};

async function launch({ io }: Context): Promise<{ config: Config; server: Server }> {
  let config: Config | undefined;
  try {
    config = loadConfig(io.env, io.cwd);
    return { config, server: await io.start(config) };
  } catch (error) {
    throw startFailure(error, config);
  }
}

/** It needs all roles: another process would have to run the rest of it. */
function wantsDemonstration({ json }: Context, config: Config, { ownerKey, asked }: Server): boolean {
  const isWhole = ROLES.every((role) => config.roles.includes(role));
  return config.demo && ownerKey !== undefined && isWhole && !json && !asked.aborted;
}

/** How long the announcement waits for its link. */
const LINK_TIMEOUT_MS = 5_000;

async function announce(context: Context, config: Config, server: Server): Promise<void> {
  const { style } = context;
  const { home, roles } = config;
  const { url, ownerKey } = server;
  const file = readCredentials(home) === undefined ? undefined : credentialsFile(home);
  if (context.json) return context.give({ url, home, credentials: file ?? null });
  const link = roles.includes('api') ? await signInLink(config, server) : undefined;
  const line = (name: string, value: string) => `  ${style.dim(name.padEnd(10))} ${value}`;
  context.say(`${style.bold(`Myelin ${readVersion()}`)} listens on ${style.cyan(url)}`, '');
  if (ROLES.some((role) => !roles.includes(role))) context.say(line('roles', roles.join(', ')));
  if (roles.includes('api')) context.say(line('reference', `${url}/docs`));
  if (link !== undefined)
    context.say(line('open', `${style.cyan(link)}  (signs this browser in, once, within 10 minutes)`));
  context.say(line('home', home));
  if (file !== undefined) context.say(line('API key', `in ${file}, where the commands find it`));
  if (ownerKey !== undefined) context.say(line('', `${style.bold(ownerKey)} (shown this once)`));
  context.say('');
}

/** None without a key that the server knows: the first start on a database may have left it in another folder. */
async function signInLink({ home }: Config, { url, ownerKey, asked: signal }: Server): Promise<string | undefined> {
  const apiKey = ownerKey ?? readCredentials(home)?.apiKey;
  if (apiKey === undefined || signal.aborted) return undefined;
  const { signIn } = createClient({ url, apiKey, timeout: LINK_TIMEOUT_MS });
  return await signIn.link({ signal }).then(
    (link) => link.url,
    () => undefined,
  );
}

function asked(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
