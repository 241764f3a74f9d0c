/** One address of a mail, and nothing that a header could be made of. */
import type { MailAddress } from '../../ports/mail.ts';

const ADDRESS = /^[^\s<>()[\]\\,;:"@\p{Cc}]{1,64}@[^\s<>()\\,;:"@\p{Cc}]{1,255}$/u;
/** `Ada <ada@example.com>`, `"Lovelace, Ada" <ada@example.com>`. */
const NAMED = /^\s*(?:"([^"\\\p{Cc}]{0,200})"|([^"<>,;:@\\\p{Cc}]{0,200}?))\s*<([^<>]+)>\s*$/u;

/** Undefined where it is none, or more than one: who writes a text shall not choose who else reads the mail. */
export function parseAddress(text: string): MailAddress | undefined {
  const bare = text.trim();
  if (ADDRESS.test(bare)) return { name: '', address: bare };
  const [, quoted, plain = '', address = ''] = NAMED.exec(text) ?? [];
  return ADDRESS.test(address) ? { name: quoted ?? plain, address } : undefined;
}
