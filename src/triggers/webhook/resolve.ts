/** Makes the config of a webhook ready to check a request: `{{ $secrets.NAME }}` becomes the secret. */
import { MyelinError } from '../../core/errors.ts';
import { SECRET_TEMPLATE, type WebhookConfig } from './config.ts';

type GetSecret = (name: string) => Promise<string | undefined>;

/**
 * A copy of `config` with the secrets of `verify` and `requireHeaders` in place; never stored, never logged.
 * Throws `secret_missing` where one is not set: a webhook without its secret takes no request (rule R7).
 */
export async function resolveSecrets(config: WebhookConfig, get: GetSecret): Promise<WebhookConfig> {
  const { verify, requireHeaders } = config;
  if (!verify && !requireHeaders) return config;
  const headers = await Promise.all(
    Object.entries(requireHeaders ?? {}).map(
      async ([name, value]) => [name, value === true ? value : await resolve(value, get)] as const,
    ),
  );
  return {
    ...config,
    ...(verify && { verify: { ...verify, secret: await resolve(verify.secret, get) } }),
    ...(requireHeaders && { requireHeaders: Object.fromEntries(headers) }),
  };
}

async function resolve(text: string, get: GetSecret): Promise<string> {
  const name = SECRET_TEMPLATE.exec(text)?.[1];
  if (name === undefined) return text;
  const secret = await get(name);
  if (secret === undefined || secret.trim() === '') {
    throw new MyelinError('secret_missing', `The webhook needs the secret ${name}, which is not set; set it.`);
  }
  return secret;
}
