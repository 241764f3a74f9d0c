/** Calls about sign-ins: a browser that acts for a project by its cookie instead of a key. */
import type { SignInBody } from '../contract/sign-in.ts';
import type { CallOptions } from './call-options.ts';
import type { Transport } from './transport.ts';

export function signInCalls(transport: Transport) {
  return {
    /** Who calls, by key or cookie. */
    get: (o: CallOptions = {}) => transport.call('getSignIn', o),
    /** An address that signs in the first browser that opens it, within 10 minutes. Takes a key. */
    link: (o: CallOptions = {}) => transport.call('createSignInLink', o),
    /** Of pages of the server: signs their browser in. */
    begin: (body: SignInBody, o: CallOptions = {}) => transport.call('signIn', { body, ...o }),
    /** Of pages of the server: signs their browser out. */
    end: (o: CallOptions = {}) => transport.call('signOut', o),
  };
}
