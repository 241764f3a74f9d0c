/** The cookie of a sign-in: what its header looks like, and how it is read again. */
import { SIGN_IN_COOKIE } from '../../contract/sign-in.ts';

/** 256 bits in base64url. */
const TOKEN = /^[\w-]{43}$/;

/** No script reads it, and no page of another site makes the browser send it. */
const PLACE = 'Path=/; HttpOnly; SameSite=Strict';

/** `Set-Cookie`. Over TLS it is never sent without. */
export function setCookie(token: string, maxAgeMs: number, publicUrl: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${SIGN_IN_COOKIE}=${token}; Max-Age=${Math.floor(maxAgeMs / 1000)}; ${PLACE}${secure}`;
}

/** `Set-Cookie` that takes it away. */
export const clearCookie = (publicUrl: string): string => setCookie('', 0, publicUrl);

/**
 * The token in a `Cookie` header. None where there are several: a page on another port or subdomain can add one of its
 * own, and nobody can tell which was meant.
 */
export function tokenOf(header: string | undefined): string | undefined {
  const values = (header ?? '').split(';').flatMap((pair) => {
    const [name, ...rest] = pair.split('=');
    return name?.trim() === SIGN_IN_COOKIE ? [rest.join('=').trim()] : [];
  });
  const [token] = values;
  return values.length === 1 && token !== undefined && TOKEN.test(token) ? token : undefined;
}
