/** A request by a connection of type `http`: its path goes behind the base URL, whose credentials never leave there. */
import type { HttpConnectionConfig } from '../../core/connections/types/http.ts';
import type { HttpConfig } from './config.ts';
import { ofNode, type Refusal } from './request.ts';

/** The config as if the user had written address and credentials there. Throws `config_invalid`. */
export function withConnection(
  config: HttpConfig,
  connection: HttpConnectionConfig,
  refused: Refusal = ofNode,
): HttpConfig {
  const auth = credentials(connection);
  return { ...config, url: addressOf(config.url, connection.baseUrl, refused), ...(auth !== undefined && { auth }) };
}

function addressOf(url: string, baseUrl: string, refused: Refusal): string {
  const base = new URL(baseUrl);
  const root = new URL(base);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  const path = url.replace(/^\/+/, '');
  const target = path === '' ? new URL(base) : parse(URL.canParse(url) ? url : path, root, refused);
  // Checked as it will be sent: `..`, `//host` and backslashes have done by now what they do.
  const isInside = target.pathname === base.pathname || target.pathname.startsWith(root.pathname);
  if (target.origin !== base.origin || !isInside) {
    throw refused('url', 'leads away from the base URL of the connection; give a path behind it');
  }
  for (const [name, value] of base.searchParams) {
    if (!target.searchParams.has(name)) target.searchParams.append(name, value);
  }
  return target.href;
}

function parse(path: string, root: URL, refused: Refusal): URL {
  if (URL.canParse(path, root.href)) return new URL(path, root);
  throw refused('url', 'is no path such as /orders/4');
}

/** The fields that each way needs were checked when the connection was saved. */
function credentials({ auth, user, password, token, header, value }: HttpConnectionConfig): HttpConfig['auth'] {
  if (auth === 'basic' && user !== undefined && password !== undefined) return { type: 'basic', user, password };
  if (auth === 'bearer' && token !== undefined) return { type: 'bearer', token };
  return auth === 'header' && header !== undefined && value !== undefined
    ? { type: 'header', name: header, value }
    : undefined;
}
