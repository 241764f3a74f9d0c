/** The entry: reads the settings, and hands the words of the command line to the CLI. */
import { startApp } from './app.ts';
import { loadConfig } from './config/config.ts';
import { environment } from './config/environment.ts';

/** Runs the server until a signal asks it to end; a second signal ends it at once. */
async function serve(): Promise<void> {
  const config = loadConfig(environment(), process.cwd());
  const app = await startApp(config);
  console.log(`Myelin listens on ${app.url}`);
  await new Promise<void>((resolve) => {
    const end = () => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      resolve();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
  await app.stop();
}

await serve();
