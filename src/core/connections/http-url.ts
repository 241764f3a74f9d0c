import { z } from 'zod';

/** A user or password in it would be shown as a part of the address. */
export const httpUrl = z
  .string()
  .max(2_000)
  .refine(
    (text) => {
      if (!URL.canParse(text)) return false;
      const { protocol, username, password } = new URL(text);
      return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
    },
    { error: 'takes an address such as https://example.com/path, without user and password' },
  );
