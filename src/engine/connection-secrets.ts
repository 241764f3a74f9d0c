import type { OpenConnection } from '../ports/connections.ts';

/** What of a connection must not come back in what is written down: values by the names that stand for them. */
export function connectionSecrets(name: string, { config, secrets }: OpenConnection): Map<string, string> {
  const known = new Map<string, string>();
  const { user } = config;
  for (const [field, value] of Object.entries(secrets)) {
    known.set(`${name}.${field}`, value);
    // Messages name an address by host and path.
    if (URL.canParse(value)) known.set(`${name}.${field} (address)`, addressOf(new URL(value)));
    // Basic authentication sends them like this, and who is asked may send back what it heard.
    if (typeof user === 'string') {
      known.set(`${name}.${field} (basic)`, Buffer.from(`${user}:${value}`).toString('base64'));
    }
  }
  return known;
}

const addressOf = ({ host, pathname }: URL): string => `${host}${pathname}`;
